// vivavox inspect: what an avatar's rig can do, and what it lacks.
#include <memory>

#include "engine/stage/rig.h"
#include "server/avatar_file.h"
#include "server/command.h"

namespace vivavox {

namespace {

struct InspectOptions {
  std::string avatar;
  bool as_json = false;
};

Result<std::string> inspect(const InspectOptions& options) {
  const auto avatar = open_avatar(options.avatar);
  if (!avatar) return std::unexpected(avatar.error());
  const Rig rig(*avatar);
  return options.as_json ? rig_report_json(*avatar, rig) + "\n" : rig_report_text(*avatar, rig);
}

}  // namespace

void add_inspect_command(CLI::App& tool, int& status) {
  auto* command =
      tool.add_subcommand("inspect", "Say what an avatar's rig can do and what is missing");
  auto options = std::make_shared<InspectOptions>();
  command->add_option("avatar", options->avatar, "glTF binary file (.glb)")->required();
  command->add_flag("--json", options->as_json, "Print it as JSON");
  command->callback([options, &status] {
    const auto text = inspect(*options);
    if (text) std::fputs(text->c_str(), stdout);
    status = text ? exit_success : report(text.error());
  });
}

}  // namespace vivavox
