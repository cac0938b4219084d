#include "engine/face/track.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace vivavox;

TEST_CASE("a track passes its keys and is constant outside") {
  const Track track({{1, 0}, {2, 1}, {2.5, 1}, {4, 0.2}});
  CHECK(track.at(-10) == 0);
  CHECK(track.at(1) == 0);
  CHECK(track.at(2) == 1);
  CHECK(track.at(2.25) == 1);
  CHECK(std::abs(track.at(4) - 0.2) < 1e-12);
  CHECK(track.at(100) == 0.2);
  CHECK(Track().at(1) == 0);
  CHECK(Track({{1, 0.5}}).at(0) == 0.5);
}

TEST_CASE("a track is smooth and stays between its keys") {
  const Track track({{0, 0}, {0.1, 0.1}, {0.15, 0.9}, {0.4, 1}, {0.5, 0}});
  constexpr double step_s = 1e-5;
  double slope_before = 0;
  for (int i = 0; i < 50'000; ++i) {
    const double t = i * step_s;
    const double value = track.at(t);
    REQUIRE(value >= 0);
    REQUIRE(value <= 1);
    const double slope = (track.at(t + step_s) - value) / step_s;
    REQUIRE(std::abs(slope - slope_before) < 0.5);
    slope_before = slope;
  }
}
