#include "engine/face/gestures.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "engine/face/coarticulation.h"
#include "engine/face/test_timelines.h"

using namespace vivavox;

namespace {

std::vector<Gesture> gestures_of(const std::vector<SpokenPhone>& phones) {
  return gestures(sounds(spoken(phones)));
}

}  // namespace

TEST_CASE("every IPA symbol of espeak-ng asks for what a mouth can do") {
  std::ifstream inventory(VIVAVOX_ROOT "/tests/data/ipa_inventory.txt");
  int symbols = 0;
  for (std::string symbol; std::getline(inventory, symbol); ++symbols) {
    for (const Articulation& made : parse_ipa(symbol).sequence) {
      const Aims aims = aims_of(made, 1.2);
      for (std::size_t i = 0; i < channel_count; ++i) {
        const Aim& aim = aims[static_cast<Channel>(i)];
        CAPTURE(symbol, i);
        CHECK(aim.target >= 0);
        CHECK(aim.target <= 1);
        CHECK(aim.dominance >= 0);
      }
    }
  }
  CHECK(symbols > 400);
}

TEST_CASE("speech is framed by rests") {
  const auto made = gestures_of({{"", 0.3}, {"a", 0.2}, {"", 0.5}, {"a", 0.2}, {"", 0.1}});
  REQUIRE(made.size() == 5);
  CHECK(made[0].aims[Channel::speaking].target == 0);
  CHECK(made[1].aims[Channel::speaking].target == 1);
  CHECK(made[2].aims[Channel::speaking].target == 0);
  CHECK(made[2].hold_start_s > 0.5);
  CHECK(made[2].hold_end_s < 1.0);
  CHECK(made[4].aims[Channel::speaking].target == 0);
}

TEST_CASE("a short pause is no rest") {
  CHECK(gestures_of({{"a", 0.2}, {"", 0.1}, {"a", 0.2}}).size() == 4);
}

TEST_CASE("neighbours of one kind are one gesture") {
  CHECK(gestures_of({{"a", 0.1}, {"m", 0.08}, {"p", 0.08}, {"a", 0.1}}).size() == 5);
  CHECK(gestures_of({{"a", 0.1}, {"f", 0.08}, {"v", 0.08}, {"a", 0.1}}).size() == 5);
  CHECK(gestures_of({{"a", 0.1}, {"m", 0.08}, {"t", 0.08}, {"a", 0.1}}).size() == 6);
}

TEST_CASE("a stop is closed for 40 to 120 ms around its middle") {
  for (const double duration_s : {0.02, 0.05, 0.09, 0.2, 0.4}) {
    const auto made = gestures_of({{"a", 0.1}, {"p", duration_s}, {"a", 0.1}});
    const double middle = 0.1 + duration_s / 2;
    CHECK(made.at(2).hold_start_s < middle);
    CHECK(made.at(2).hold_end_s > middle);
    // Lips aim beyond one another: they are shut for longer than they are held together.
    const MouthTracks tracks = coarticulated(made);
    const auto is_shut = [&](double t_s) { return tracks.at(t_s)[Channel::seal] >= 1; };
    const double step_s = 0.001;
    double start_s = middle, end_s = middle;
    while (is_shut(start_s - step_s)) start_s -= step_s;
    while (is_shut(end_s + step_s)) end_s += step_s;
    CAPTURE(duration_s, start_s, end_s);
    CHECK(is_shut(middle));
    CHECK(end_s - start_s >= 0.039);
    if (duration_s <= 0.2) CHECK(end_s - start_s <= 0.125);
  }
}

TEST_CASE("stress opens wider and haste less") {
  const auto jaw = [](double duration_s, Stress stress) {
    return gestures_of({{"a", duration_s, stress}}).at(1).aims[Channel::jaw].target;
  };
  CHECK(jaw(0.1, Stress::primary) > jaw(0.1, Stress::secondary));
  CHECK(jaw(0.1, Stress::secondary) > jaw(0.1, Stress::none));
  CHECK(jaw(0.04, Stress::none) < jaw(0.1, Stress::none));
}

TEST_CASE("the tongue's tip or back rises where a sound is made, and lips leave it alone") {
  const auto aim = [](std::string_view ipa, Channel channel) {
    return gestures_of({{ipa, 0.1}}).at(1).aims[channel];
  };
  for (const char* ipa : {"t", "d", "n", "l", "ɾ"}) {
    CAPTURE(ipa);
    CHECK(aim(ipa, Channel::tongue_tip).target == 1);
    CHECK(aim(ipa, Channel::tongue_back).target == 0);
  }
  for (const char* ipa : {"k", "ɡ", "ŋ"}) {
    CAPTURE(ipa);
    CHECK(aim(ipa, Channel::tongue_back).target == 1);
    CHECK(aim(ipa, Channel::tongue_tip).target == 0);
  }
  for (const char* ipa : {"p", "m", "f", "h"}) {
    CAPTURE(ipa);
    CHECK(aim(ipa, Channel::tongue_tip).dominance == 0);
    CHECK(aim(ipa, Channel::tongue_back).dominance == 0);
  }
  CHECK(aim("ɑ", Channel::tongue_back).target < 0.1);
  CHECK(aim("u", Channel::tongue_back).target > 0.4);
}

TEST_CASE("what is louder is opened wider, within limits") {
  const auto jaw = [](std::int16_t loudness_db) {
    Timeline timeline = spoken({{"a", 0.1}});
    timeline.phones[0].delivery.loudness_db = loudness_db;
    return gestures(sounds(timeline)).at(1).aims[Channel::jaw].target;
  };
  CHECK(jaw(4) > 1.07 * jaw(0));
  CHECK(jaw(-4) < 0.93 * jaw(0));
  CHECK(jaw(30) < 1.3 * jaw(0));
  CHECK(jaw(-30) > 0.75 * jaw(0));
}

TEST_CASE("an unstressed central vowel opens less than a stressed open-mid one") {
  const auto jaw = [](std::string_view ipa, Stress stress) {
    return gestures_of({{ipa, 0.1, stress}}).at(1).aims[Channel::jaw].target;
  };
  CHECK(jaw("ɐ", Stress::none) < jaw("ɔː", Stress::primary));
  CHECK(jaw("ɐ", Stress::primary) > jaw("ɔː", Stress::primary));
}

TEST_CASE("lips are spread for front vowels alone") {
  const auto spread = [](std::string_view ipa) {
    return gestures_of({{ipa, 0.1}}).at(1).aims[Channel::spread].target;
  };
  CHECK(spread("i") > 0.5);
  CHECK(spread("ɪ") > 0.3);
  for (const char* ipa : {"ɯ", "ɯ̈", "ɨ", "ə"}) {
    CAPTURE(ipa);
    CHECK(spread(ipa) == 0);
  }
}

TEST_CASE("glottals leave the mouth alone") {
  const Aims aims = aims_of(parse_ipa("h").sequence.at(0), 1);
  for (std::size_t i = 0; i < channel_count; ++i) {
    CHECK(aims[static_cast<Channel>(i)].dominance == 0);
  }
}

TEST_CASE("sounds without a letter make no gesture") {
  CHECK(gestures_of({{"ː", 0.1}}).empty());
  CHECK(gestures_of({{"", 1}}).empty());
}
