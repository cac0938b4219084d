// The subcommands of the `vivavox` tool: each adds itself to the tool and
// answers with its exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>

#include "engine/error.h"

namespace vivavox {

/// Exit statuses of the tool. Wrong use (unknown options, values out of range)
/// is 2 and is CLI11's to report; what went wrong at work is 1.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_wrong_use = 2;

/// Prints the one line that a user reads about a failure; returns exit_failure.
inline int report(const Error& error) {
  std::fprintf(stderr, "vivavox: %s (%s)\n", error.message.c_str(),
               std::string(error_name(error.code)).c_str());
  return exit_failure;
}

void add_align_command(CLI::App& tool, int& status);
void add_doctor_command(CLI::App& tool, int& status);
void add_phonemize_command(CLI::App& tool, int& status);
void add_inspect_command(CLI::App& tool, int& status);
void add_render_command(CLI::App& tool, int& status);
void add_serve_command(CLI::App& tool, int& status);
void add_speak_command(CLI::App& tool, int& status);

}  // namespace vivavox
