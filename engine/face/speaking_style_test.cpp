#include "engine/face/speaking_style.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/face/mouth.h"
#include "engine/face/performance.h"
#include "engine/face/test_timelines.h"

using namespace vivavox;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

/// "Mama, above far: wool feet." — every kind of sound that a style changes or leaves.
Timeline speech() {
  return spoken({{"m", 0.08},
                 {"ɑː", 0.15, Stress::primary},
                 {"b", 0.08},
                 {"ʌ", 0.1},
                 {"v", 0.08},
                 {"f", 0.08},
                 {"ɑː", 0.2, Stress::primary},
                 {"w", 0.08},
                 {"uː", 0.15, Stress::primary},
                 {"p", 0.09},
                 {"iː", 0.15}});
}

Performance in_style(const SpeakingStyle& style, std::uint32_t seed = 0) {
  return *Performance::create(speech(), {.styles = {{.style = style}}, .seed = seed});
}

float at_phone(const Performance& performance, std::size_t index, BlendShape shape) {
  const Timeline& timeline = performance.timeline();
  return performance.pose(middle_s(timeline, timeline.phones[index])).weights[shape];
}

}  // namespace

TEST_CASE("styles have names or numbers, and nothing else is one") {
  CHECK(*speaking_style_of("natural") == SpeakingStyle{});
  CHECK(speaking_style_of("shout")->jaw > 1);
  CHECK(*speaking_style_of("0.5,2") == SpeakingStyle{0.5, 2});
  for (const char* wrong : {"", "loud", "1", "1,", ",1", "1,3", "-1,1", "nan,1", "1,1,1", "a,b"}) {
    CAPTURE(wrong);
    REQUIRE(!speaking_style_of(wrong));
    CHECK(speaking_style_of(wrong).error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("a style out of range is refused") {
  CHECK(!StyleTrack::from(std::vector<StyleMark>{{0, {2.1, 1}}}));
  CHECK(!StyleTrack::from(std::vector<StyleMark>{{0, {1, -0.1}}}));
  CHECK(!StyleTrack::from(std::vector<StyleMark>{{0, {1, nan_value}}}));
  CHECK(!StyleTrack::from(std::vector<StyleMark>{{nan_value, {}}}));
  Performance performance = in_style({});
  CHECK(!performance.set_style({0, {3, 1}}));
}

TEST_CASE("a style goes over into the next without a jump") {
  StyleTrack track = *StyleTrack::from(std::vector<StyleMark>{{0, {0.5, 0.5}}, {2, {1.5, 1}}});
  CHECK(track.at(-1) == SpeakingStyle{0.5, 0.5});
  CHECK(track.at(1.9) == SpeakingStyle{0.5, 0.5});
  CHECK(track.at(2.5) == SpeakingStyle{1.5, 1});
  REQUIRE(track.add({3, {}}));
  for (const double t_s : times(1.5, 4, 0.01)) {
    CHECK(std::abs(track.at(t_s + 0.01).jaw - track.at(t_s).jaw) < 0.08);
  }
  CHECK(track.at(4) == SpeakingStyle{});
}

TEST_CASE("who shouts opens the jaw, who mumbles hardly moves, who whispers opens less") {
  using enum BlendShape;
  const auto jaw = [](const char* style) {
    return at_phone(in_style(*speaking_style_of(style)), 6, jawOpen);
  };
  CHECK(jaw("shout") > 1.3F * jaw("natural"));
  CHECK(jaw("whisper") < 0.8F * jaw("natural"));
  CHECK(jaw("mumble") < 0.5F * jaw("natural"));
  const auto pucker = [](const char* style) {
    return at_phone(in_style(*speaking_style_of(style)), 8, mouthPucker);
  };
  CHECK(pucker("clear") > 1.2F * pucker("natural"));
  CHECK(pucker("mumble") < 0.6F * pucker("natural"));
}

TEST_CASE("lips meet, and lie on the teeth, in every style and for every seed") {
  using enum BlendShape;
  for (const SpeakingStyle& style :
       {SpeakingStyle{0, 0}, SpeakingStyle{0.4, 0.45}, SpeakingStyle{2, 2}, SpeakingStyle{2, 0}}) {
    for (const std::uint32_t seed : {0U, 1U, 7U, 1234U}) {
      const Performance performance = in_style(style, seed);
      for (const std::size_t closed : {0U, 2U, 9U}) {
        CAPTURE(style.jaw, style.lips, seed, closed);
        const Timeline& timeline = performance.timeline();
        const double middle = middle_s(timeline, timeline.phones[closed]);
        CHECK(lip_opening(performance.pose(middle).weights) <= 0.001);
      }
      CHECK(at_phone(performance, 4, mouthRollLower) > 0.5F);
      CHECK(at_phone(performance, 4, jawOpen) < 0.1F);
    }
  }
}

TEST_CASE("two seeds do not move alike") {
  using enum BlendShape;
  CHECK(at_phone(in_style({}, 1), 6, jawOpen) != at_phone(in_style({}, 2), 6, jawOpen));
}
