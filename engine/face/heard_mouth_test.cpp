#include "engine/face/heard_mouth.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/face/mouth.h"
#include "engine/face/performance.h"
#include "engine/face/test_timelines.h"

using namespace vivavox;
using Catch::Matchers::WithinAbs;

namespace {

constexpr std::int32_t rate_hz = 1000;

MouthMoment opened(std::int64_t at_samples, double jaw) {
  MouthMoment moment{.at_samples = at_samples, .mouth = {}};
  moment.mouth[Channel::jaw] = jaw;
  moment.mouth[Channel::speaking] = 1;
  return moment;
}

/// A second of [a], of which the middle was heard with lips that hardly part.
Timeline half_heard() {
  Timeline timeline{.sample_rate_hz = rate_hz, .length_samples = 3000};
  timeline.phones = {{.ipa = "a", .start_samples = 0, .end_samples = 1000},
                     {.ipa = "a", .start_samples = 1000, .end_samples = 2000},
                     {.ipa = "a", .start_samples = 2000, .end_samples = 3000}};
  for (std::int64_t at = 1000; at <= 2000; at += 20) timeline.mouth.push_back(opened(at, 0.1));
  return timeline;
}

double jaw_at(const Performance& performance, double t_s) {
  return static_cast<double>(performance.pose(t_s).weights[BlendShape::jawOpen]);
}

}  // namespace

TEST_CASE("the mouth passes through what was heard and rests beside it") {
  Timeline timeline{.sample_rate_hz = rate_hz, .length_samples = 2000};
  timeline.mouth = {opened(500, 0.2), opened(520, 0.6), opened(540, 0.4), opened(1500, 0.3)};
  const MouthTracks tracks = heard_tracks(timeline, 0);
  CHECK_THAT(tracks.at(0.5)[Channel::jaw], WithinAbs(0.2, 1e-9));
  CHECK_THAT(tracks.at(0.52)[Channel::jaw], WithinAbs(0.6, 1e-9));
  CHECK_THAT(tracks.at(0.54)[Channel::jaw], WithinAbs(0.4, 1e-9));
  CHECK(tracks.at(0.51)[Channel::jaw] > 0.2);
  CHECK(tracks.at(0.51)[Channel::jaw] < 0.6);
  for (const double rest_s : {0.0, 0.4, 0.65, 1.0, 1.4, 1.7}) {
    CAPTURE(rest_s);
    CHECK(tracks.at(rest_s)[Channel::jaw] == 0);
  }
  CHECK_THAT(tracks.at(1.5)[Channel::jaw], WithinAbs(0.3, 1e-9));
}

TEST_CASE("where the mouth was heard the phones do not move it") {
  const auto performance = Performance::create(half_heard());
  REQUIRE(performance);
  CHECK(jaw_at(*performance, 0.5) > 0.4);
  CHECK_THAT(jaw_at(*performance, 1.5), WithinAbs(0.1, 0.01));
  CHECK(jaw_at(*performance, 2.5) > 0.4);
}

TEST_CASE("a mouth that is heard clause by clause moves as if it had been heard at once") {
  Timeline first{.sample_rate_hz = rate_hz, .length_samples = 500};
  Timeline second = first;
  for (std::int64_t at = 10; at < 500; at += 20) {
    first.mouth.push_back(opened(at, double(at % 100) / 200));
    second.mouth.push_back(opened(at, double(at % 80) / 200));
  }
  first.phones = {{.ipa = "a", .start_samples = 0, .end_samples = 500}};
  second.phones = first.phones;
  Timeline whole = first;
  append(whole, second);
  const auto at_once = Performance::create(whole);
  auto by_clauses = Performance::create(first);
  REQUIRE(at_once);
  REQUIRE(by_clauses);
  by_clauses->append(second);
  for (double t = 0; t < 1.2; t += 0.007) {
    CAPTURE(t);
    CHECK_THAT(jaw_at(*by_clauses, t), WithinAbs(jaw_at(*at_once, t), 1e-6));
  }
}

TEST_CASE("what was heard long ago is let go of with its phones") {
  Timeline timeline{.sample_rate_hz = rate_hz, .length_samples = 20000};
  for (std::int64_t at = 0; at < 20000; at += 500) {
    timeline.phones.push_back({.ipa = "a", .start_samples = at, .end_samples = at + 500});
  }
  for (std::int64_t at = 10; at < 20000; at += 20) {
    timeline.mouth.push_back(opened(at, double(at % 100) / 200));
  }
  const auto whole = Performance::create(timeline);
  auto later = Performance::create(timeline);
  REQUIRE(whole);
  REQUIRE(later);
  later->forget(15);
  CHECK(later->timeline().mouth.size() < 500);
  for (double t = 15; t < 20; t += 0.1) CHECK(jaw_at(*later, t) == jaw_at(*whole, t));
}

TEST_CASE("a mouth that is heard just now takes the Timeline's place") {
  const auto performance = Performance::create(half_heard());
  REQUIRE(performance);
  Mouth mouth;
  mouth[Channel::jaw] = 0.7;
  mouth[Channel::speaking] = 1;
  const FacePose pose = performance->pose_with(mouth, 1.5);
  CHECK_THAT(static_cast<double>(pose.weights[BlendShape::jawOpen]), WithinAbs(0.7, 0.01));
  FacePose usual = performance->pose(1.5);
  CHECK(pose.head.pitch_rad == usual.head.pitch_rad);
  CHECK(pose.weights[BlendShape::eyeBlinkLeft] == usual.weights[BlendShape::eyeBlinkLeft]);
}

TEST_CASE("a text that comes late moves the mouth from then on, and what was heard before") {
  using enum BlendShape;
  Timeline timeline = spoken({{"", 4}});
  for (std::int64_t at = 0; at < timeline.length_samples; at += 441) {
    timeline.mouth.push_back(opened(at, 0.2));
  }
  const auto heard = Performance::create(timeline);
  auto known = Performance::create(timeline);
  known->revise(spoken({{"ɑ", 0.5}, {"m", 0.2}, {"ɑ", 0.5}, {"m", 0.2}, {"ɑ", 0.4}}), 1, 2);
  for (const double t_s : times(0, 1.5, 0.01)) CHECK(known->pose(t_s) == heard->pose(t_s));
  for (const double t_s : times(3, 4, 0.01)) {
    CHECK(known->pose(t_s).weights[jawOpen] == heard->pose(t_s).weights[jawOpen]);
  }
  // [m] from 2.2 to 2.4, whereas what came before from 2 on was heard alone.
  CHECK(lip_opening(known->pose(2.3).weights) <= 0);
  CHECK(lip_opening(known->pose(1.6).weights) > 0.1);
  CHECK(lip_opening(heard->pose(2.3).weights) > 0.1);
  for (const double t_s : times(1, 4, 0.005)) {
    const FacePose pose = known->pose(t_s), next = known->pose(t_s + 0.005);
    CHECK(std::abs(next.weights[jawOpen] - pose.weights[jawOpen]) < 0.06F);
  }
}
