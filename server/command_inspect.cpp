// vivavox inspect: what an avatar's rig can do, and what it lacks.
#include <memory>

#include "engine/stage/rig.h"
#include "server/avatar_file.h"
#include "server/command.h"
#include "server/command_files.h"
#include "server/contact_sheet.h"
#include "server/files.h"

namespace vivavox {

namespace {

struct InspectOptions {
  std::string avatar;
  bool as_json = false;
  std::string sheet;
  std::string traits = "{}";
};

Result<std::string> inspect(const InspectOptions& options) {
  constexpr std::array<std::string_view, 1> pictures{".png"};
  if (!options.sheet.empty()) {
    if (auto right = check_outputs({options.sheet}, pictures); !right)
      return std::unexpected(right.error());
  }
  const auto traits = trait_choices_from_json(options.traits);
  if (!traits) return std::unexpected(traits.error());
  auto avatar = open_avatar(options.avatar);
  if (!avatar) return std::unexpected(avatar.error());
  const Rig rig(*avatar);
  std::string report =
      options.as_json ? rig_report_json(*avatar, rig) + "\n" : rig_report_text(*avatar, rig);
  if (!options.sheet.empty()) {
    const auto sheet = contact_sheet(*std::move(avatar), *traits);
    if (!sheet) return std::unexpected(sheet.error());
    if (auto done = write_file(options.sheet, encode_png(*sheet)); !done)
      return std::unexpected(done.error());
  }
  return report;
}

}  // namespace

void add_inspect_command(CLI::App& tool, int& status) {
  auto* command =
      tool.add_subcommand("inspect", "Say what an avatar's rig can do and what is missing");
  auto options = std::make_shared<InspectOptions>();
  command->add_option("avatar", options->avatar, "glTF binary file (.glb)")->required();
  command->add_flag("--json", options->as_json, "Print it as JSON");
  command->add_option("--sheet", options->sheet,
                      "PNG file to draw its faces into: visemes, blink, gaze, moods");
  command->add_option("--traits", options->traits, "The sheet's: " + std::string(traits_option));
  command->callback([options, &status] {
    const auto text = inspect(*options);
    if (text) std::fputs(text->c_str(), stdout);
    status = text ? exit_success : report(text.error());
  });
}

}  // namespace vivavox
