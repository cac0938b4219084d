// Poses of Timelines, for comparing platforms: reads Timelines as JSON, one a
// line, from standard input; prints for each one line of JSON, the poses at
// every 0.09 s: 52 weights, then head, neck, left and right eye as pitch, yaw,
// roll in radians, then how far the tongue's tip and back are up.
#include <cstdio>
#include <iostream>
#include <string>

#include "engine/face/performance.h"

namespace {

using namespace vivavox;

constexpr double step_s = 0.09;

void print_pose(const FacePose& pose) {
  const char* separator = "[";
  const auto print = [&separator](float value) {
    std::printf("%s%.9g", separator, static_cast<double>(value));
    separator = ",";
  };
  for (const float weight : pose.weights.values()) print(weight);
  for (const Rotation& turn : {pose.head, pose.neck, pose.left_eye, pose.right_eye}) {
    for (const float angle_rad : {turn.pitch_rad, turn.yaw_rad, turn.roll_rad}) print(angle_rad);
  }
  print(pose.tongue.tip_up);
  print(pose.tongue.back_up);
  print(pose.breath);
  std::printf("]");
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    auto timeline = timeline_from_json(line);
    if (!timeline) return std::fprintf(stderr, "%s\n", timeline.error().message.c_str()), 1;
    const auto performance = Performance::create(
        *std::move(timeline), {.moods = {{.mood = "happy", .intensity = 0.7}}, .seed = 5});
    if (!performance) return 1;
    const int count = static_cast<int>(performance->duration_s() / step_s) + 1;
    for (int i = 0; i < count; ++i) {
      std::printf(i == 0 ? "[" : ",");
      print_pose(performance->pose(i * step_s));
    }
    std::printf("]\n");
  }
}
