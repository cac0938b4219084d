#include "engine/face/moods.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace vivavox;

TEST_CASE("the moods that were promised are there, and sane") {
  for (const std::string_view mood :
       {"neutral", "professional", "happy", "surprised", "confused", "sad", "thoughtful", "angry",
        "fear", "disgust", "love", "sleep"}) {
    CAPTURE(mood);
    CHECK(temper_of(mood).has_value());
  }
  CHECK(moods().front().name == "neutral");
  for (const auto& [name, temper] : moods()) {
    CAPTURE(name);
    for (const float weight : temper.pose.values()) CHECK((weight >= 0 && weight <= 1));
    for (const float share : {temper.mouth_while_speaking, temper.gaze_aversion}) {
      CHECK((share >= 0 && share <= 1));
    }
    CHECK(temper.blinks_per_minute > 0);
    CHECK(temper.breaths_per_minute > 0);
    CHECK(std::abs(temper.head.pitch_rad) < 0.3F);
  }
}

TEST_CASE("a mood fades in smoothly") {
  const auto track = MoodTrack::from(std::vector<MoodMark>{{1, "happy"}, {2, "sad", 0.5}}).value();
  const auto smile = [&](double t_s) { return track.at(t_s).pose[BlendShape::mouthSmileLeft]; };
  const Temper neutral = *temper_of("neutral");
  const Temper happy = *temper_of("happy");
  CHECK(smile(-5) == neutral.pose[BlendShape::mouthSmileLeft]);
  CHECK(smile(1) == neutral.pose[BlendShape::mouthSmileLeft]);
  CHECK(smile(1.2) > smile(1.1));
  CHECK(smile(1 + mood_fade_s) == happy.pose[BlendShape::mouthSmileLeft]);
  const float frown = track.at(10).pose[BlendShape::mouthFrownLeft];
  CHECK(std::abs(frown - 0.5F * temper_of("sad")->pose[BlendShape::mouthFrownLeft]) < 1e-6F);
}

TEST_CASE("a mood marked at the start was always there, also in quick changes") {
  const auto track =
      MoodTrack::from(std::vector<MoodMark>{{0, "happy"}, {1, "angry"}, {1.1, "sad"}}).value();
  CHECK(track.at(-3).pose == temper_of("happy")->pose);
  CHECK(track.at(0).pose == temper_of("happy")->pose);
  CHECK(track.at(2).pose == temper_of("sad")->pose);
  const float before = track.at(1.0999).pose[BlendShape::browDownLeft];
  const float after = track.at(1.1001).pose[BlendShape::browDownLeft];
  CHECK(std::abs(before - after) < 0.01F);
}

TEST_CASE("a mood's clock can be read both ways") {
  const auto track =
      MoodTrack::from(std::vector<MoodMark>{{0, "fear"}, {10, "sleep"}, {20, "happy"}}).value();
  const MoodClock clock = track.clock(&Temper::blinks_per_minute, 7);
  for (const double t : {-20.0, -1.0, 0.0, 5.0, 10.0, 15.0, 25.0, 1000.0}) {
    CHECK(std::abs(clock.time_s(clock.phase(t)) - t) < 1e-9);
  }
  CHECK(std::abs(clock.phase(0) - 7 * 26 / 60.0) < 1e-9);
  CHECK(std::abs(clock.phase(60) - clock.phase(20) - 40 * 17 / 60.0) < 1e-9);
}
