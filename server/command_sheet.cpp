// vivavox sheet: an avatar's expressions in one picture.
#include <memory>

#include "engine/face/moods.h"
#include "engine/face/visemes.h"
#include "engine/stage/rig.h"
#include "engine/stage/stage.h"
#include "server/avatar_file.h"
#include "server/command.h"
#include "server/files.h"
#include "server/progress.h"

namespace vivavox {

namespace {

constexpr int cell_px = 256;
constexpr int columns = 8;
constexpr std::array views{View::front, View::three_quarter};

struct SheetOptions {
  std::string avatar;
  std::string out;
};

FacePose with(std::initializer_list<BlendShape> shapes, float weight) {
  FacePose pose;
  for (const BlendShape shape : shapes) pose.weights[shape] = weight;
  return pose;
}

/// Neutral, the 15 visemes, smile, blink, frown and gaze, then the moods.
std::vector<FacePose> expressions() {
  using enum BlendShape;
  std::vector<FacePose> poses(1);
  for (std::size_t i = 0; i < viseme_count; ++i) {
    poses.emplace_back().weights = viseme_shape(static_cast<Viseme>(i));
  }
  poses.push_back(with({mouthSmileLeft, mouthSmileRight, cheekSquintLeft, cheekSquintRight}, 0.8F));
  poses.push_back(with({eyeBlinkLeft, eyeBlinkRight}, 1));
  poses.push_back(with({mouthFrownLeft, mouthFrownRight, browDownLeft, browDownRight}, 0.8F));
  poses.push_back(with({eyeLookOutLeft, eyeLookInRight}, 0.8F));
  for (const Mood& mood : moods().subspan(1)) {
    FacePose& pose = poses.emplace_back();
    pose.weights = mood.temper.pose;
    pose.head = mood.temper.head;
  }
  for (FacePose& pose : poses) set_eye_rotations(pose);
  return poses;
}

void paste(const Image& cell, Image& sheet, int column, int row) {
  const std::size_t row_bytes = std::size_t{4} * cell.width_px;
  for (int y = 0; y < cell.height_px; ++y) {
    const auto from = cell.rgba.begin() + static_cast<std::ptrdiff_t>(y * row_bytes);
    const std::size_t to =
        std::size_t{4} * ((row * cell_px + y) * sheet.width_px + column * cell_px);
    std::copy_n(from, row_bytes, sheet.rgba.begin() + static_cast<std::ptrdiff_t>(to));
  }
}

Result<void> draw_sheet(const SheetOptions& options) {
  auto avatar = open_avatar(options.avatar);
  if (!avatar) return std::unexpected(avatar.error());
  auto stage = Stage::create(cell_px, cell_px);
  if (!stage) return std::unexpected(stage.error());
  stage->show(std::move(*avatar));
  const std::vector<FacePose> poses = expressions();
  const int cells = static_cast<int>(poses.size() * views.size());
  Image sheet{.width_px = columns * cell_px,
              .height_px = (cells + columns - 1) / columns * cell_px,
              .rgba = {}};
  sheet.rgba.resize(std::size_t{4} * sheet.width_px * sheet.height_px, 255);
  ProgressBar progress("drawing");
  for (int cell = 0; cell < cells; ++cell) {
    stage->set_pose(poses[static_cast<std::size_t>(cell) / views.size()]);
    stage->set_view(views[static_cast<std::size_t>(cell) % views.size()]);
    paste(stage->picture(), sheet, cell % columns, cell / columns);
    progress.update(static_cast<double>(cell + 1) / cells);
  }
  return write_file(options.out, encode_png(sheet));
}

}  // namespace

void add_sheet_command(CLI::App& tool, int& status) {
  auto* command = tool.add_subcommand(
      "sheet", "Draw an avatar's visemes, moods and expressions in one picture");
  auto options = std::make_shared<SheetOptions>();
  command->add_option("--avatar", options->avatar, "glTF binary avatar (default: Vivi)");
  command->add_option("--out", options->out, "PNG file to write")->required();
  command->callback([options, &status] {
    const auto done = draw_sheet(*options);
    status = done ? exit_success : report(done.error());
  });
}

}  // namespace vivavox
