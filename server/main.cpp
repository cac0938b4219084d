// vivavox: the engine on the command line.
#include <csignal>

#include "server/command.h"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error value, not a death
  CLI::App tool("Vivavox turns text into a talking face.", "vivavox");
  tool.require_subcommand(1);
  tool.set_version_flag("--version", VIVAVOX_VERSION);
  int status = vivavox::exit_success;
  vivavox::add_speak_command(tool, status);
  vivavox::add_align_command(tool, status);
  vivavox::add_phonemize_command(tool, status);
  vivavox::add_render_command(tool, status);
  vivavox::add_inspect_command(tool, status);
  vivavox::add_serve_command(tool, status);
  vivavox::add_doctor_command(tool, status);
  try {
    tool.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return tool.exit(error) == 0 ? vivavox::exit_success : vivavox::exit_wrong_use;
  }
  return status;
}
