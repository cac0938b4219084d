// Pictures of an avatar that shakes its head, for comparing platforms:
// draw_swing AVATAR.glb FPS OUT.png FRAME… draws these frames of a film, one below the other.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "engine/stage/stage.h"

namespace {

using namespace vivavox;

constexpr int side_px = 384;

FacePose shaking(double t_s) {
  FacePose pose;
  pose.head.yaw_rad = 0.5F * static_cast<float>(std::sin(6 * t_s));
  pose.head.roll_rad = 0.2F * static_cast<float>(std::sin(9 * t_s));
  return pose;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) return std::fprintf(stderr, "draw_swing AVATAR FPS OUT.png FRAME…\n"), 2;
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  if (!avatar) return std::fprintf(stderr, "%s\n", avatar.error().message.c_str()), 1;
  auto stage = Stage::create(side_px, side_px);
  if (!stage) return std::fprintf(stderr, "%s\n", stage.error().message.c_str()), 1;
  stage->show(*std::move(avatar));
  const int fps = std::atoi(arguments[2]);
  Image film{.width_px = side_px, .height_px = 0, .rgba = {}};
  Motion motion;
  for (int i = 4, frame = 0; i < count; ++frame) {
    const double t_s = static_cast<double>(frame) / fps;
    stage->set_pose(shaking(t_s), t_s, motion);
    if (frame != std::atoi(arguments[i])) continue;
    const Image picture = stage->picture();
    film.rgba.insert(film.rgba.end(), picture.rgba.begin(), picture.rgba.end());
    film.height_px += side_px;
    ++i;
  }
  const auto png = encode_png(film);
  std::ofstream(arguments[3], std::ios::binary)
      .write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  return 0;
}
