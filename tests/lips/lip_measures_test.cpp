// The scorer of the lip benchmark: that its figures tell good curves from bad ones.
#include "tests/lips/lip_measures.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>
#include <numeric>

#include "engine/face/performance.h"
#include "tests/lips/face_curves.h"
#include "tests/lips/lip_sentences.h"
#include "tests/lips/test_mesh.h"

using namespace vivavox;
using Catch::Approx;
using enum BlendShape;

namespace {

const SpokenSentence& sentence() {
  static const SpokenSentence spoken = speak(lip_sentences().at(0));
  return spoken;
}

LipMeasures measured(const WeightsAt& weights) {
  LipTargets targets(vivi());
  return measure(sentence().timeline, sentence().samples, weights, targets);
}

/// The engine's own curves, shown later.
WeightsAt performed(double late_s) {
  static const auto performance = Performance::create(sentence().timeline).value();
  return [late_s](double t_s) { return performance.pose(t_s - late_s).weights; };
}

WeightsAt shaking(double frequency_hz) {
  return [frequency_hz](double t_s) {
    BlendWeights weights;
    weights[jawOpen] =
        static_cast<float>(0.3 + 0.2 * std::sin(2 * std::numbers::pi * frequency_hz * t_s));
    return weights;
  };
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("curves are read by frames a second or by times, and joined by straight lines") {
  const auto by_fps = FaceCurves::from_json(
      R"({"names":["jawOpen","unknown"],"fps":10,"frames":[[0,1],[1,1],[0.5,1]]})");
  const auto by_times = FaceCurves::from_json(
      R"({"names":["jawOpen"],"times":[0,0.1,0.2],"frames":[[0],[1],[0.5]]})");
  for (const auto& curves : {by_fps, by_times}) {
    REQUIRE(curves.has_value());
    CHECK(curves->at(-1)[jawOpen] == 0);
    CHECK(curves->at(0.05)[jawOpen] == Approx(0.5));
    CHECK(curves->at(0.15)[jawOpen] == Approx(0.75));
    CHECK(curves->at(9)[jawOpen] == Approx(0.5));
  }
}

TEST_CASE("what are no curves is refused") {
  for (const auto* text : {"", "[]", "{}", R"({"names":["jawOpen"],"frames":[[0]]})",
                           R"({"names":["jawOpen"],"fps":10,"frames":[]})",
                           R"({"names":["jawOpen"],"fps":10,"frames":[[]]})",
                           R"({"names":["jawOpen"],"fps":10,"frames":[["wide"]]})",
                           R"({"names":["jawOpen"],"times":[0.2,0.1],"frames":[[0],[1]]})",
                           R"({"names":["jawOpen"],"times":[0],"frames":[[0],[1]]})"}) {
    CAPTURE(text);
    const auto curves = FaceCurves::from_json(text);
    REQUIRE_FALSE(curves.has_value());
    CHECK(curves.error().code == ErrorCode::invalid_json);
  }
}

TEST_CASE("a mouth that stays shut closes always and does nothing else") {
  const WeightsAt shut = [](double) { return BlendWeights{}; };
  LipTargets targets(vivi());
  for (const Verdict& verdict : judge(sentence().timeline, shut, targets)) {
    CAPTURE(name(verdict.rule));
    CHECK(verdict.held == (verdict.rule == LipRule::closes));
  }
  const LipMeasures found = measured(shut);
  CHECK(found.loudness_correlation == 0);
  CHECK(found.jitter == 0);
  CHECK(std::ranges::max(found.speeds_m_per_s) == 0);
}

TEST_CASE("shaking is jitter, slow movement is none") {
  CHECK(measured(shaking(20)).jitter.value() > 0.9);
  CHECK(measured(shaking(3)).jitter.value() < 0.1);
}

TEST_CASE("a mouth that is late is found late") {
  const LipMeasures in_time = measured(performed(0));
  const LipMeasures late = measured(performed(0.06));
  CHECK(std::abs(late.lag_s.value() - in_time.lag_s.value() - 0.06) < 0.021);
  CHECK(mean(in_time.boundary_errors_s) < 0.015);
  CHECK(mean(late.boundary_errors_s) > mean(in_time.boundary_errors_s) + 0.03);
}

TEST_CASE("lip-vertex errors are those of the vertex that is furthest off") {
  const double duration_s = sentence().timeline.duration_s();
  CHECK(std::ranges::max(lip_vertex_errors_m2(duration_s, performed(0), performed(0), vivi())) ==
        0);
  const WeightsAt shut = [](double) { return BlendWeights{}; };
  const WeightsAt open = [](double) {
    BlendWeights weights;
    weights[jawOpen] = 1;
    return weights;
  };
  const auto errors = lip_vertex_errors_m2(0.05, shut, open, vivi());
  REQUIRE(errors.size() == 5);
  CHECK(std::sqrt(errors.front()) > 0.03);
  CHECK(errors.front() == errors.back());
}
