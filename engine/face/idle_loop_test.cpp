#include "engine/face/idle_loop.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace vivavox;

namespace {

Performance idling(std::uint32_t seed) {
  Timeline silence;
  return Performance::create(std::move(silence), {.seed = seed}).value();
}

/// How far the face is from another: the most of any weight, or of the head's turns in radians.
float distance(const FacePose& a, const FacePose& b) {
  float most = std::max({std::abs(a.head.pitch_rad - b.head.pitch_rad),
                         std::abs(a.head.yaw_rad - b.head.yaw_rad),
                         std::abs(a.head.roll_rad - b.head.roll_rad)});
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    most = std::max(most, std::abs(a.weights.values()[i] - b.weights.values()[i]));
  }
  return most;
}

}  // namespace

TEST_CASE("a round begins as the face idles, and comes back to where it began") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    const Performance idle = idling(seed);
    CHECK(looped_pose(idle, 0) == idle.pose(0));
    CHECK(looped_pose(idle, 1.25) == idle.pose(1.25));
    for (const double t_s : {0.0, 0.7, 3.4, 3.99}) {
      CHECK(distance(looped_pose(idle, t_s), looped_pose(idle, t_s + 3 * idle_loop_s)) < 1e-5F);
      CHECK(distance(looped_pose(idle, t_s), looped_pose(idle, t_s - idle_loop_s)) < 1e-5F);
    }
  }
}

TEST_CASE("where rounds meet, nothing jumps") {
  constexpr double step_s = 0.001;
  // Blinks and glances are this quick; a head sways slowly.
  constexpr float quickest = 0.1F, quickest_rad = 0.001F;
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const Performance idle = idling(seed);
    for (int i = -1100; i < 100; ++i) {
      const double t_s = idle_loop_s + i * step_s;
      const FacePose pose = looped_pose(idle, t_s), next = looped_pose(idle, t_s + step_s);
      INFO("seed " << seed << " at " << t_s);
      REQUIRE(distance(pose, next) < quickest);
      REQUIRE(std::abs(pose.head.yaw_rad - next.head.yaw_rad) < quickest_rad);
      REQUIRE(std::abs(pose.head.pitch_rad - next.head.pitch_rad) < quickest_rad);
    }
  }
}

TEST_CASE("a face between two is as far from either as the share says") {
  const Performance idle = idling(3);
  const FacePose a = idle.pose(0), b = idle.pose(2);
  CHECK(mixed(a, b, 0) == a);
  CHECK(distance(mixed(a, b, 1), b) < 1e-6F);
  const float half = std::abs(mixed(a, b, 0.5).head.yaw_rad - a.head.yaw_rad);
  CHECK(std::abs(half - std::abs(b.head.yaw_rad - a.head.yaw_rad) / 2) < 1e-6F);
}
