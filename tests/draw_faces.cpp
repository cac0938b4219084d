// The faces by which avatars of different makers are compared:
// draw_faces AVATAR OUT.png draws them side by side.
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "engine/face/moods.h"
#include "engine/face/visemes.h"
#include "engine/stage/rig.h"
#include "engine/stage/stage.h"
#include "engine/unpack/packed_avatar.h"

namespace {

using namespace vivavox;

constexpr int side_px = 192;

FacePose with(std::initializer_list<BlendShape> shapes, float weight) {
  FacePose pose;
  for (const BlendShape shape : shapes) pose.weights[shape] = weight;
  return pose;
}

/// Neutral, open, m, blink, smile, the gaze aside, an angry mood.
std::vector<FacePose> faces() {
  using enum BlendShape;
  std::vector<FacePose> all{{},
                            {.weights = viseme_shape(Viseme::aa)},
                            {.weights = viseme_shape(Viseme::PP)},
                            with({eyeBlinkLeft, eyeBlinkRight}, 1),
                            with({mouthSmileLeft, mouthSmileRight}, 0.9F),
                            with({eyeLookOutLeft, eyeLookInRight}, 0.8F)};
  for (const Mood& mood : moods()) {
    if (mood.name == "angry") all.push_back({.weights = mood.temper.pose});
  }
  for (FacePose& pose : all) set_eye_rotations(pose);
  return all;
}

void paste(const Image& picture, Image& row, std::size_t place) {
  const std::size_t bytes = std::size_t{4} * side_px;
  for (std::size_t y = 0; y < side_px; ++y) {
    std::copy_n(picture.rgba.begin() + static_cast<std::ptrdiff_t>(y * bytes), bytes,
                row.rgba.begin() +
                    static_cast<std::ptrdiff_t>(y * std::size_t{4} * row.width_px + place * bytes));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fprintf(stderr, "draw_faces AVATAR OUT.png\n"), 2;
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto avatar = read_packed_avatar(std::as_bytes(std::span(bytes)));
  if (!avatar) return std::fprintf(stderr, "%s\n", avatar.error().message.c_str()), 1;
  auto stage = Stage::create(side_px, side_px);
  if (!stage) return std::fprintf(stderr, "%s\n", stage.error().message.c_str()), 1;
  stage->show(*std::move(avatar));
  const std::vector<FacePose> all = faces();
  Image row{.width_px = static_cast<int>(all.size()) * side_px, .height_px = side_px, .rgba = {}};
  row.rgba.resize(std::size_t{4} * row.width_px * row.height_px);
  for (std::size_t i = 0; i < all.size(); ++i) {
    stage->set_pose(all[i]);
    paste(stage->picture(), row, i);
  }
  const auto png = encode_png(row);
  std::ofstream(arguments[2], std::ios::binary)
      .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  return 0;
}
