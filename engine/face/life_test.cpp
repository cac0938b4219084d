#include "engine/face/life.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/face/test_timelines.h"

using namespace vivavox;

namespace {

/// When the lids begin to close, in ten minutes.
std::vector<double> blink_starts(std::string_view mood, const std::vector<double>& breaks_s) {
  const auto track = MoodTrack::from(std::vector<MoodMark>{{0, std::string(mood)}}).value();
  const MoodClock clock = track.clock(&Temper::blinks_per_minute, 0);
  std::vector<double> starts;
  bool open = true;
  for (const double t : times(0, 600, 0.01)) {
    const double closed = blink(t, 1, clock, breaks_s);
    REQUIRE(closed >= 0);
    REQUIRE(closed <= 1);
    if (open && closed > 0) starts.push_back(t);
    open = closed == 0;
  }
  return starts;
}

}  // namespace

TEST_CASE("blinks come 1 to 8 seconds apart, one in seven double") {
  const auto starts = blink_starts("neutral", {});
  int doubles = 0;
  for (std::size_t i = 1; i < starts.size(); ++i) {
    const double gap_s = starts[i] - starts[i - 1];
    if (gap_s < 0.4) {
      ++doubles;
    } else {
      CHECK(gap_s > 1 - 0.35);
      CHECK(gap_s < 8);
    }
  }
  const auto single = static_cast<double>(starts.size()) - doubles;
  CHECK(single > 130);
  CHECK(single < 170);
  CHECK(doubles > 0.05 * single);
  CHECK(doubles < 0.3 * single);
}

TEST_CASE("a mood sets the rate of blinks") {
  CHECK(blink_starts("fear", {}).size() > 2 * blink_starts("angry", {}).size());
}

TEST_CASE("blinks gather at pauses") {
  const std::vector<double> breaks_s = times(1, 600, 2);
  std::size_t at_break = 0;
  const auto starts = blink_starts("neutral", breaks_s);
  for (const double start : starts) {
    const double away = std::abs(std::remainder(start - 1, 2.0));
    if (away < 0.03) ++at_break;
  }
  CHECK(at_break > starts.size() / 5);
}

TEST_CASE("the gaze rests on the camera and glances aside") {
  const auto away_share = [](std::string_view mood) {
    const Temper temper = *temper_of(mood);
    int away = 0;
    int count = 0;
    for (const double t : times(0, 600, 0.05)) {
      const Rotation eyes = gaze(t, 3, temper);
      REQUIRE(std::abs(eyes.yaw_rad) < 0.4F);
      REQUIRE(std::abs(eyes.pitch_rad) < 0.3F);
      if (std::hypot(eyes.yaw_rad, eyes.pitch_rad) > 0.05F) ++away;
      ++count;
    }
    return static_cast<double>(away) / count;
  };
  CHECK(away_share("neutral") > 0.02);
  CHECK(away_share("neutral") < 0.2);
  CHECK(away_share("thoughtful") > 2 * away_share("neutral"));
}

TEST_CASE("a saccade takes its time, and no more") {
  const Temper temper = *temper_of("thoughtful");
  float fastest = 0;
  for (const double t : times(0, 120, 0.001)) {
    const float before = gaze(t, 3, temper).yaw_rad;
    const float after = gaze(t + 0.001, 3, temper).yaw_rad;
    fastest = std::max(fastest, std::abs(after - before));
  }
  CHECK(fastest > 0.001F);
  CHECK(fastest < 0.012F);  // 700 degrees a second
}

TEST_CASE("the eyes hold the camera while the head turns") {
  FacePose pose;
  pose.head.yaw_rad = 0.1F;
  pose.head.pitch_rad = 0.08F;
  look(pose, {});
  CHECK(pose.left_eye.yaw_rad < -0.05F);
  CHECK(pose.right_eye.yaw_rad < -0.05F);
  CHECK(pose.left_eye.pitch_rad < -0.05F);
  using enum BlendShape;
  CHECK(pose.weights[eyeLookInLeft] > 0.1F);
  CHECK(pose.weights[eyeLookOutRight] > 0.1F);
  CHECK(pose.weights[eyeLookUpLeft] > 0.1F);
  CHECK(pose.weights[eyeLookOutLeft] == 0);
  CHECK(pose.weights[eyeLookDownLeft] == 0);
}

TEST_CASE("the head sways a little, and never stands still") {
  float largest = 0;
  int still = 0;
  for (const double t : times(-100, 500, 0.1)) {
    const Rotation head = head_sway(t, 9);
    largest = std::max(largest, std::abs(head.yaw_rad));
    if (std::abs(head_sway(t + 0.5, 9).yaw_rad - head.yaw_rad) < 1e-5F) ++still;
  }
  CHECK(largest > 0.02F);
  CHECK(largest < 0.1F);
  CHECK(still < 60);
}

TEST_CASE("breath rises faster than it falls") {
  CHECK(breath(0) == -1);
  CHECK(breath(0.4) == 1);
  CHECK(std::abs(breath(0.7)) < 1e-9);
  CHECK(breath(-0.6) == breath(0.4));
}
