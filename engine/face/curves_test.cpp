#include "engine/face/curves.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/face/test_timelines.h"

using namespace vivavox;

TEST_CASE("curves are written frame by frame") {
  const auto performance = Performance::create(spoken({{"ɑ", 0.5}})).value();
  const auto json = curves_json(performance, 10);
  REQUIRE(json.has_value());
  CHECK(json->starts_with(R"({"fps":10,"names":["eyeBlinkLeft","eyeLookDownLeft",)"));
  CHECK(json->ends_with("]]}"));
  CHECK(std::ranges::count(*json, '[') == 2 + 6);
  CHECK(std::ranges::count(*json, ',') == 2 + 51 + 5 + 6 * 51);
  CHECK(*json == curves_json(performance, 10).value());
}

TEST_CASE("a table of curves has a row for each frame, as Live Link Face has it") {
  const auto performance = Performance::create(spoken({{"ɑ", 1.5}})).value();
  const std::string csv = curves_csv(performance, 10).value();
  CHECK(csv.starts_with("Timecode,BlendShapeCount,EyeBlinkLeft,EyeLookDownLeft,"));
  CHECK(csv.contains(",JawForward,JawRight,JawLeft,JawOpen,"));
  CHECK(csv.contains(",TongueOut,HeadYaw,HeadPitch,HeadRoll,LeftEyeYaw,"));
  CHECK(std::ranges::count(csv, '\n') == 1 + 16);
  CHECK(std::ranges::count(csv, ',') == 17 * 62);
  CHECK(csv.contains("\n00:00:01:02.000,61,"));
  CHECK_FALSE(curves_csv(performance, 0).has_value());
}

TEST_CASE("frame rates out of range are refused") {
  const auto performance = Performance::create({}).value();
  CHECK(curves_json(performance, 0).error().code == ErrorCode::invalid_argument);
  CHECK(curves_json(performance, 241).error().code == ErrorCode::invalid_argument);
  Timeline endless;
  endless.sample_rate_hz = 1;
  endless.length_samples = 1'000'000;
  const auto long_performance = Performance::create(endless).value();
  CHECK(curves_json(long_performance, 1).error().code == ErrorCode::invalid_argument);
}
