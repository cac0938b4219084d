#include "engine/face/fading_track.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

namespace {

struct Level {
  double value;
};

Level mixed(const Level& a, const Level& b, double share) {
  return {std::lerp(a.value, b.value, share)};
}

using LevelTrack = vivavox::FadingTrack<Level>;

}  // namespace

TEST_CASE("a value fades from step to step, in whatever order they came") {
  LevelTrack track({1}, 0.5);
  track.add(4, {3});
  track.add(2, {2});
  CHECK(track.at(-10).value == 1);
  CHECK(track.at(2).value == 1);
  CHECK(track.at(2.25).value == 1.5);
  CHECK(track.at(2.5).value == 2);
  CHECK(track.at(100).value == 3);
}

TEST_CASE("fades that overlap do not jump") {
  LevelTrack track({0}, 1);
  for (const double at_s : {1.0, 1.2, 1.3}) track.add(at_s, {10 * at_s});
  for (double t_s = 0; t_s < 4; t_s += 0.01) {
    CHECK(std::abs(track.at(t_s + 0.01).value - track.at(t_s).value) < 0.5);
  }
  CHECK(track.at(3).value == 13);
}

TEST_CASE("of two steps at one time the later one holds, and what began was always there") {
  LevelTrack track({0}, 0.5);
  track.add(0, {1});
  track.add(0, {2});
  track.add(-1, {5});
  track.begin_at_0();
  CHECK(track.initial().value == 2);
  CHECK(track.steps().empty());
  CHECK(track.at(-100).value == 2);
}
