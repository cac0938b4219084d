// How long pictures take natively at each level of quality, by the clock and of all processors
// together, and the engine itself a frame: setting a pose that moves, and one that does not. Prints
// one line of JSON; times are in milliseconds, those by the clock medians. usage: stage_bench
// AVATAR.glb
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/stage/stage.h"

namespace {

using namespace vivavox;
using Clock = std::chrono::steady_clock;

constexpr int side_px = 512;
constexpr int pictures = 12;
constexpr int poses = 2000;

template <class Work>
double median_ms(int rounds, Work work) {
  std::vector<double> times_ms;
  for (int i = 0; i < rounds; ++i) {
    const auto start = Clock::now();
    work(i);
    times_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::ranges::sort(times_ms);
  return times_ms[times_ms.size() / 2];
}

FacePose speaking(int i) {
  FacePose pose;
  pose.weights[BlendShape::jawOpen] = 0.4F + 0.3F * static_cast<float>(std::sin(i));
  pose.weights[BlendShape::mouthPucker] = 0.3F + 0.2F * static_cast<float>(std::sin(1.3 * i));
  pose.weights[BlendShape::mouthSmileLeft] = 0.3F;
  pose.weights[BlendShape::browInnerUp] = 0.2F + 0.2F * static_cast<float>(std::sin(0.1 * i));
  pose.head.yaw_rad = 0.1F * static_cast<float>(std::sin(0.2 * i));
  return pose;
}

Result<void> measure(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  if (!avatar) return std::unexpected(avatar.error());
  auto stage = Stage::create(side_px, side_px);
  if (!stage) return std::unexpected(stage.error());
  stage->show(*std::move(avatar));
  std::printf("{\"bench\":\"stage\",\"side_px\":%d", side_px);
  for (const Quality& level : quality_levels) {
    stage->set_quality(level);
    stage->picture();
    const std::clock_t spent_before = std::clock();
    const double picture_ms = median_ms(pictures, [&](int i) {
      stage->set_pose(speaking(i));
      stage->picture();
    });
    const double spent_s = static_cast<double>(std::clock() - spent_before) / CLOCKS_PER_SEC;
    const std::string name(level.name);
    std::printf(",\"%s_ms\":%.1f,\"%s_cpu_ms\":%.1f", name.c_str(), picture_ms, name.c_str(),
                1000 * spent_s / pictures);
  }
  stage->picture();
  std::printf(",\"moving_pose_ms\":%.4f", median_ms(poses, [&](int i) {
                stage->set_pose(speaking(i));
                if (i % 20 == 0) stage->picture();
              }));
  std::printf(",\"unchanged_pose_ms\":%.4f}\n",
              median_ms(poses, [&](int) { stage->set_pose(speaking(0)); }));
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return std::fputs("usage: stage_bench AVATAR.glb\n", stderr), 2;
  const auto done = measure(arguments[1]);
  if (!done) return std::fprintf(stderr, "stage_bench: %s\n", done.error().message.c_str()), 1;
}
