// What the commands that turn a text into files have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// A text from the command line; "-" reads standard input.
std::string text_or_input(const std::string& text);

/// What can be found wrong with files to write before any work is done.
/// Errors: invalid_argument (another ending), not_found (no such folder).
Result<void> check_outputs(const std::vector<std::string>& out,
                           std::span<const std::string_view> allowed);

/// A Timeline as an .srt, .vtt or .TextGrid file has it; nullopt for other endings.
std::optional<std::string> subtitles_of(const Timeline& timeline, std::string_view ending);

/// What --traits is, of the commands that draw.
inline constexpr std::string_view traits_option =
    "What is changed of the avatar, e.g. {\"look\":\"tom\",\"skin\":\"#aa7755\"}; inspect lists "
    "what can "
    "be";

/// --espeak-data, with its variable and its default.
void add_espeak_data_option(CLI::App& command, std::string& folder);

/// `--clip`, for play().
void add_clip_option(CLI::App& command, std::string& clip);

}  // namespace vivavox
