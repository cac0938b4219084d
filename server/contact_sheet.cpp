#include "server/contact_sheet.h"

#include "engine/face/moods.h"
#include "engine/face/visemes.h"
#include "engine/stage/rig.h"
#include "engine/stage/stage.h"
#include "server/label.h"
#include "server/progress.h"

namespace vivavox {

namespace {

constexpr int cell_px = 256;
constexpr int columns = 8;

/// Where a face is seen from, and how far down it looks from there.
struct Side {
  View view;
  float pitch_rad = 0;
};

constexpr float tipped_back_rad = -0.44F;  // shows nostrils, the teeth's edge and the throat
constexpr std::array sides{Side{View::front}, Side{View::three_quarter}, Side{View::profile},
                           Side{View::front, tipped_back_rad}};

struct Expression {
  std::string name;
  FacePose pose;
};

Expression with(std::string name, std::initializer_list<BlendShape> shapes) {
  Expression expression{std::move(name), {}};
  for (const BlendShape shape : shapes) expression.pose.weights[shape] = 1;
  return expression;
}

std::vector<Expression> expressions() {
  using enum BlendShape;
  std::vector<Expression> all{{"neutral", {}}};
  for (std::size_t i = 0; i < viseme_count; ++i) {
    const auto viseme = static_cast<Viseme>(i);
    all.push_back({"viseme " + std::string(name(viseme)), {.weights = viseme_shape(viseme)}});
  }
  all.push_back(with("blink", {eyeBlinkLeft, eyeBlinkRight}));
  all.push_back(with("gaze left", {eyeLookOutLeft, eyeLookInRight}));
  all.push_back(with("gaze right", {eyeLookInLeft, eyeLookOutRight}));
  all.push_back(with("gaze up", {eyeLookUpLeft, eyeLookUpRight}));
  all.push_back(with("gaze down", {eyeLookDownLeft, eyeLookDownRight}));
  for (const Mood& mood : moods().subspan(1))
    all.push_back({mood.name, {.weights = mood.temper.pose, .head = mood.temper.head}});
  for (Expression& expression : all) set_eye_rotations(expression.pose);
  return all;
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

}  // namespace

Result<Image> contact_sheet(Avatar avatar, std::span<const TraitChoice> traits) {
  auto stage = Stage::create(cell_px, cell_px);
  if (!stage) return std::unexpected(stage.error());
  stage->show(std::move(avatar));
  if (auto done = stage->customize(traits); !done) return std::unexpected(done.error());
  const std::vector<Expression> all = expressions();
  const int cells = static_cast<int>(all.size() * sides.size());
  Image sheet{.width_px = columns * cell_px,
              .height_px = (cells + columns - 1) / columns * cell_px,
              .rgba = {}};
  sheet.rgba.resize(std::size_t{4} * sheet.width_px * sheet.height_px, 255);
  ProgressBar progress("drawing");
  for (int cell = 0; cell < cells; ++cell) {
    const Expression& expression = all[static_cast<std::size_t>(cell) / sides.size()];
    const std::size_t side = static_cast<std::size_t>(cell) % sides.size();
    FacePose pose = expression.pose;
    pose.head.pitch_rad += sides[side].pitch_rad;
    stage->set_pose(pose);
    stage->set_view(sides[side].view);
    Image image = stage->picture();
    if (side == 0) draw_label(image, 8, 8, expression.name);
    paste(image, sheet, cell % columns, cell / columns);
    progress.update(static_cast<double>(cell + 1) / cells);
  }
  return sheet;
}

}  // namespace vivavox
