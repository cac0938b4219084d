#include "engine/face/performance.h"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/face/mouth.h"
#include "engine/face/test_timelines.h"

using namespace vivavox;
using enum BlendShape;

namespace {

Performance perform(const std::vector<SpokenPhone>& phones, PerformanceOptions options = {}) {
  return Performance::create(spoken(phones), std::move(options)).value();
}

FacePose pose_at_phone(const Performance& performance, std::size_t index) {
  const Timeline& timeline = performance.timeline();
  return performance.pose(middle_s(timeline, timeline.phones[index]));
}

float weight_at_phone(const Performance& performance, std::size_t index, BlendShape shape) {
  return pose_at_phone(performance, index).weights[shape];
}

/// "Peter Piper may map pubs, bob." at a pace, with every kind of neighbour.
std::vector<SpokenPhone> full_of_bilabials(double pace) {
  std::vector<SpokenPhone> phones{
      {"p", 0.08},
      {"ɑː", 0.14, Stress::primary},
      {"p", 0.07},
      {"b", 0.07},
      {"æ", 0.12},
      {"m", 0.06},
      {"p", 0.06},
      {"s", 0.08},
      {"p", 0.06},
      {"ɹ", 0.05},
      {"aʊ", 0.16},
      {"t", 0.06},
      {"m", 0.05},
      {"ə", 0.04},
      {"b", 0.05},
      {"v", 0.05},
      {"b", 0.05},
      {"iː", 0.1},
      {"mː", 0.15},
      {"u", 0.1},
      {"f", 0.06},
      {"p", 0.06},
      {"ɔ", 0.1},
      {"", 0.3},
      {"b", 0.08},
      {"l", 0.05},
      {"ɒ", 0.12, Stress::primary},
      {"b", 0.08},
  };
  for (SpokenPhone& phone : phones) phone.duration_s *= pace;
  return phones;
}

}  // namespace

TEST_CASE("the lips are shut in the middle of every p, b and m, in every mood and pace") {
  for (const double pace : {0.5, 0.7, 1.0, 1.8}) {
    for (const Mood& mood : moods()) {
      const auto performance = perform(full_of_bilabials(pace), {.moods = {{0, mood.name}}});
      for (std::size_t i = 0; i < performance.timeline().phones.size(); ++i) {
        const std::string& ipa = performance.timeline().phones[i].ipa;
        if (ipa != "p" && ipa != "b" && ipa != "m" && ipa != "mː") continue;
        CAPTURE(pace, mood.name, i, ipa);
        CHECK(lip_opening(pose_at_phone(performance, i).weights) <= 0.001);
      }
    }
  }
}

TEST_CASE("the lips part between two bilabials") {
  const auto performance = perform({{"b", 0.07}, {"ɒ", 0.1, Stress::primary}, {"b", 0.07}});
  CHECK(lip_opening(pose_at_phone(performance, 1).weights) > 0.15);
}

TEST_CASE("the lower lip touches the upper teeth in f and v") {
  for (const std::string_view ipa : {"f", "v"}) {
    for (const double duration_s : {0.04, 0.08, 0.15}) {
      const auto performance = perform({{"ɑ", 0.12}, {ipa, duration_s}, {"ɑ", 0.12}});
      const BlendWeights weights = pose_at_phone(performance, 1).weights;
      CAPTURE(ipa, duration_s);
      CHECK(weights[mouthRollLower] > 0.5F);
      CHECK(weights[mouthUpperUpLeft] > 0.1F);
      CHECK(weights[mouthLowerDownLeft] < 0.01F);
      CHECK(weights[mouthFunnel] < 0.01F);
      CHECK(weights[jawOpen] < 0.1F);
    }
  }
}

TEST_CASE("vowels open and round as they are made") {
  const auto jaw = [](std::string_view ipa, Stress stress) {
    return weight_at_phone(perform({{"k", 0.08}, {ipa, 0.14, stress}, {"k", 0.08}}), 1, jawOpen);
  };
  CHECK(jaw("ɑ", Stress::primary) > 0.3F);
  CHECK(jaw("ɑ", Stress::primary) < 0.6F);
  CHECK(jaw("ɑ", Stress::primary) > jaw("ɑ", Stress::none));
  CHECK(jaw("ə", Stress::none) > 0.12F);
  CHECK(jaw("ə", Stress::none) < 0.25F);
  CHECK(jaw("i", Stress::none) < 0.12F);
  const auto pucker = [](std::string_view ipa) {
    return weight_at_phone(perform({{"k", 0.08}, {ipa, 0.14}, {"k", 0.08}}), 1, mouthPucker);
  };
  CHECK(pucker("u") > 0.5F);
  CHECK(pucker("y") > 0.5F);
  CHECK(pucker("w") > 0.5F);
  CHECK(pucker("o") > 0.3F);
  CHECK(pucker("ʃ") > 0.15F);
  CHECK(pucker("i") < 0.05F);
}

TEST_CASE("a diphthong glides, an affricate closes and then hisses") {
  const auto performance = perform({{"h", 0.06}, {"aɪ", 0.24, Stress::primary}, {"t", 0.08}});
  const Timeline& timeline = performance.timeline();
  const double start_s = timeline.seconds(timeline.phones[1].start_samples);
  const auto early = performance.pose(start_s + 0.06).weights;
  const auto late = performance.pose(start_s + 0.2).weights;
  CHECK(early[jawOpen] > late[jawOpen] + 0.15F);
  CHECK(late[mouthStretchLeft] > early[mouthStretchLeft]);
}

TEST_CASE("lips lead rounded vowels by 60 to 120 ms") {
  const auto performance = perform({{"t", 0.5}, {"u", 0.2}});
  CHECK(performance.pose(0.5 - 0.14).weights[mouthPucker] < 0.1F);
  CHECK(performance.pose(0.5 - 0.03).weights[mouthPucker] > 0.2F);
}

TEST_CASE("a vowel is held to its end: until the next sound takes over, or speech ends") {
  struct Vowel {
    std::string_view ipa;
    BlendShape shape;
  };
  for (const Vowel& vowel : {Vowel{"ɑː", jawOpen}, Vowel{"uː", mouthPucker}}) {
    for (const std::string_view after : {"", "k", "f"}) {
      for (const double duration_s : {0.09, 0.15, 0.3, 0.7}) {
        const auto performance =
            perform({{"t", 0.08}, {vowel.ipa, duration_s, Stress::primary}, {after, 0.5}});
        const auto shown = [&](double share) {
          return performance.pose(0.08 + share * duration_s).weights[vowel.shape];
        };
        float most = 0;
        for (const double share : times(0, 1, 0.05)) most = std::max(most, shown(share));
        CAPTURE(vowel.ipa, after, duration_s, most);
        CHECK(shown(0.5) >= 0.8F * most);
        CHECK(shown(0.85) >= 0.6F * most);
        if (after.empty()) CHECK(shown(1) >= 0.35F * most);
      }
    }
  }
}

TEST_CASE("the mouth is held in a short pause, relaxes in a longer one, and closes in a long one") {
  const auto jaw_in_pause = [](double pause_s) {
    const auto performance =
        perform({{"ɑ", 0.2, Stress::primary}, {"", pause_s}, {"ɑ", 0.2, Stress::primary}});
    return performance.pose(0.2 + pause_s / 2).weights[jawOpen] /
           performance.pose(0.1).weights[jawOpen];
  };
  CHECK(jaw_in_pause(0.1) > 0.75F);
  float before = jaw_in_pause(0.1);
  for (const double pause_s : {0.16, 0.2, 0.24, 0.28, 0.32, 0.36}) {
    const float here = jaw_in_pause(pause_s);
    CAPTURE(pause_s, before, here);
    CHECK(here <= before + 1e-4F);
    CHECK(here > before - 0.3F);
    before = here;
  }
  CHECK(jaw_in_pause(0.2) > 0.3F);
  CHECK(jaw_in_pause(0.4) < 0.01F);
}

TEST_CASE("sounds of the tongue leave the lips to their neighbours") {
  const auto rounded = perform({{"u", 0.12}, {"t", 0.07}, {"u", 0.12}});
  const auto spread = perform({{"i", 0.12}, {"t", 0.07}, {"i", 0.12}});
  CHECK(weight_at_phone(rounded, 1, mouthPucker) > 0.35F);
  CHECK(weight_at_phone(spread, 1, mouthPucker) < 0.05F);
}

TEST_CASE("the tongue touches the palate in l, d and k, and lies low in an open vowel") {
  const auto tongue = [](std::string_view ipa) {
    return pose_at_phone(perform({{"ɑ", 0.12}, {ipa, 0.08}, {"ɑ", 0.12}}), 1).tongue;
  };
  CHECK(tongue("l").tip_up > 0.8F);
  CHECK(tongue("d").tip_up > 0.8F);
  CHECK(tongue("d").back_up < 0.2F);
  CHECK(tongue("k").back_up > 0.75F);
  CHECK(tongue("k").tip_up < 0.2F);
  CHECK(tongue("ɑ").tip_up < 0.05F);
  CHECK(tongue("ɑ").back_up < 0.1F);
}

TEST_CASE("the tongue shows in θ and ð") {
  CHECK(weight_at_phone(perform({{"ə", 0.1}, {"θ", 0.09}, {"ə", 0.1}}), 1, tongueOut) > 0.15F);
  CHECK(weight_at_phone(perform({{"ə", 0.1}, {"k", 0.09}, {"ə", 0.1}}), 1, tongueOut) < 0.02F);
}

TEST_CASE("a pause brings the mouth to the mood's rest") {
  const auto performance = perform({{"ɑ", 0.2}, {"", 0.6}, {"ɑ", 0.2}}, {.moods = {{0, "happy"}}});
  const auto idle = Performance::create({}, {.moods = {{0, "happy"}}}).value();
  const auto rest = idle.pose(0.5).weights;
  const auto paused = performance.pose(0.5).weights;
  for (const BlendShape shape : {jawOpen, mouthClose, mouthPucker, mouthSmileLeft, mouthFunnel}) {
    CHECK(std::abs(paused[shape] - rest[shape]) < 1e-6F);
  }
  CHECK(std::abs(performance.pose(5).weights[jawOpen] - rest[jawOpen]) < 1e-6F);
  CHECK(std::abs(performance.pose(-1).weights[jawOpen] - rest[jawOpen]) < 1e-6F);
}

TEST_CASE("curves stay within 0 and 1 and move at human speed") {
  constexpr double step_s = 0.001;
  for (const Mood& mood : moods()) {
    const auto performance =
        perform(full_of_bilabials(0.8), {.moods = {{0, mood.name}, {0.7, "angry"}}, .seed = 7});
    FacePose before = performance.pose(-0.5);
    for (const double t : times(-0.5 + step_s, performance.duration_s() + 0.5, step_s)) {
      const FacePose pose = performance.pose(t);
      for (std::size_t i = 0; i < blend_shape_count; ++i) {
        const auto shape = static_cast<BlendShape>(i);
        const bool lid_or_gaze = i <= static_cast<std::size_t>(eyeWideRight);
        const float step_max = lid_or_gaze ? 0.06F : 0.045F;
        CAPTURE(mood.name, t, name(shape));
        REQUIRE(pose.weights[shape] >= 0);
        REQUIRE(pose.weights[shape] <= 1);
        REQUIRE(std::abs(pose.weights[shape] - before.weights[shape]) < step_max);
      }
      REQUIRE(std::abs(pose.head.pitch_rad - before.head.pitch_rad) < 0.002F);
      REQUIRE(std::abs(pose.head.yaw_rad - before.head.yaw_rad) < 0.002F);
      before = pose;
    }
  }
}

TEST_CASE("a pose is a pure function of Timeline, options and time") {
  const auto a = perform(full_of_bilabials(1), {.moods = {{0, "happy"}}, .seed = 3});
  const auto b = perform(full_of_bilabials(1), {.moods = {{0, "happy"}}, .seed = 3});
  const auto other_seed = perform(full_of_bilabials(1), {.moods = {{0, "happy"}}, .seed = 4});
  bool differs = false;
  for (const double t : times(-1, 2, 0.013)) {
    CHECK(a.pose(t) == b.pose(t));
    differs = differs || a.pose(t).head != other_seed.pose(t).head;
  }
  CHECK(differs);
}

TEST_CASE("a later clause leaves alone what was played") {
  const Timeline first = spoken(full_of_bilabials(1));
  auto grown = Performance::create(first).value();
  const auto alone = grown;
  grown.append(spoken({{"u", 0.2, Stress::primary}, {"m", 0.1}}));
  CHECK(grown.duration_s() > alone.duration_s());
  for (const double t : times(-1, alone.duration_s() - 0.5, 0.01)) {
    REQUIRE(grown.pose(t) == alone.pose(t));
  }
  const double in_m_s = alone.duration_s() + 0.25;
  CHECK(lip_opening(grown.pose(in_m_s).weights) <= 0.001);
  CHECK(grown.pose(alone.duration_s() + 0.1).weights[mouthPucker] > 0.5F);
}

TEST_CASE("a face that is told clause by clause is that which is told all at once") {
  constexpr std::array paces{0.5, 1.3, 0.8, 2.5, 0.6};
  constexpr std::array pauses_s{0.0, 0.05, 0.15, 0.25, 0.7, 3.0, 0.1};
  auto grown = Performance::create({.sample_rate_hz = 22050}).value();
  for (std::size_t i = 0; i < 60; ++i) {
    auto phones = full_of_bilabials(paces[i % paces.size()]);
    phones.resize(phones.size() - i % 11);
    if (i % 3 == 1) phones.insert(phones.begin(), {"", pauses_s[i % pauses_s.size()]});
    if (i % 4 != 1) phones.push_back({"", pauses_s[i / 2 % pauses_s.size()]});
    grown.append(spoken(phones));
  }
  const auto whole = Performance::create(grown.timeline()).value();
  for (const double t : times(-1, whole.duration_s() + 2, 0.017)) {
    CAPTURE(t);
    REQUIRE(grown.pose(t) == whole.pose(t));
    REQUIRE(grown.visemes(t) == whole.visemes(t));
  }
}

TEST_CASE("speech goes on where idling was") {
  const auto idle = Performance::create({}, {.seed = 5}).value();
  const auto speech = perform(full_of_bilabials(1), {.seed = 5, .idle_start_s = 12.5});
  const FacePose before = idle.pose(12.5 - 0.4);
  const FacePose after = speech.pose(-0.4);
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    CHECK(std::abs(before.weights.values()[i] - after.weights.values()[i]) < 1e-5F);
  }
  CHECK(std::abs(before.head.yaw_rad - after.head.yaw_rad) < 1e-5F);
}

TEST_CASE("any time gives a finite pose") {
  const auto performance = perform(full_of_bilabials(1));
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(performance.pose(std::nan("")) == performance.pose(0));
  for (const double t : {-infinity, infinity, 1e300, -1e300, 1e6, -1e6}) {
    const FacePose pose = performance.pose(t);
    for (const float weight : pose.weights.values()) CHECK((weight >= 0 && weight <= 1));
    CHECK(std::isfinite(pose.head.yaw_rad));
  }
}

TEST_CASE("a mood set later is the mood of a mark, and keeps what was before") {
  auto performance = perform(full_of_bilabials(1), {.moods = {{0, "happy"}}});
  const FacePose before = performance.pose(0.5);
  REQUIRE(performance.set_mood({1, "sad", 0.5}).has_value());
  const auto marked = perform(full_of_bilabials(1), {.moods = {{0, "happy"}, {1, "sad", 0.5}}});
  CHECK(performance.pose(0.5) == before);
  for (const double t : {0.9, 1.1, 2.5, 60.0}) CHECK(performance.pose(t) == marked.pose(t));
  CHECK_FALSE(performance.set_mood({2, "hangry"}).has_value());
  CHECK(performance.pose(60) == marked.pose(60));
}

TEST_CASE("what is forgotten changes nothing that is still to be seen") {
  auto whole = perform(full_of_bilabials(1));
  auto recent = perform(full_of_bilabials(1));
  for (int i = 0; i < 12; ++i) {
    whole.append(spoken(full_of_bilabials(1)));
    recent.append(spoken(full_of_bilabials(1)));
    const double join_s = recent.duration_s() - spoken(full_of_bilabials(1)).duration_s();
    recent.forget(join_s);
    for (const double t : times(join_s, recent.duration_s() + 1, 0.02)) {
      REQUIRE(recent.pose(t) == whole.pose(t));
    }
  }
  CHECK(recent.timeline().phones.size() < whole.timeline().phones.size() / 4);
}

TEST_CASE("a face that attends to something turns its eyes and head there, and speaks on") {
  const auto performance = perform(full_of_bilabials(1));
  const Attention left{.direction = {0.1F, 0.4F, 0}, .share = 1};
  const FacePose free = performance.pose(0.2), held = performance.pose(0.2, left);
  CHECK(held.left_eye.yaw_rad > free.left_eye.yaw_rad + 0.1F);
  CHECK(held.head.yaw_rad > free.head.yaw_rad + 0.05F);
  CHECK(held.weights[eyeLookOutLeft] > 0.2F);
  CHECK(held.weights[jawOpen] == free.weights[jawOpen]);
  CHECK(performance.pose(0.2, {.direction = {0.1F, 0.4F, 0}, .share = 0}) == free);
}

TEST_CASE("a mood that is set now fades in, also before the first sound") {
  for (const double at_s : {-0.3, 0.0, 0.2}) {
    auto performance = perform(full_of_bilabials(1));
    const FacePose before = performance.pose(at_s);
    REQUIRE(performance.set_mood({.at_s = at_s, .mood = "happy"}).has_value());
    CAPTURE(at_s);
    CHECK(performance.pose(at_s) == before);
    const float at_once = performance.pose(at_s + 0.01).weights[mouthSmileLeft];
    const float later = performance.pose(at_s + 0.5).weights[cheekSquintLeft];
    CHECK(std::abs(at_once - before.weights[mouthSmileLeft]) < 0.02F);
    CHECK(later > before.weights[cheekSquintLeft] + 0.02F);
  }
}

TEST_CASE("a change of mood makes no eye jump, whenever it comes") {
  const auto glancing = Performance::create({}, {.moods = {{0, "thoughtful"}}}).value();
  int looks_aside = 0;
  for (const double at_s : times(1, 30, 0.37)) {
    auto performance = glancing;
    REQUIRE(performance.set_mood({.at_s = at_s, .mood = "happy"}).has_value());
    looks_aside += std::abs(glancing.pose(at_s).left_eye.yaw_rad) > 0.15F;
    float before = performance.pose(at_s).left_eye.yaw_rad;
    for (const double t : times(at_s + 0.005, at_s + 0.5, 0.005)) {
      const float here = performance.pose(t).left_eye.yaw_rad;
      CAPTURE(at_s, t);
      CHECK(std::abs(here - before) < 0.06F);  // as fast as a saccade
      before = here;
    }
  }
  CHECK(looks_aside > 5);
}

TEST_CASE("wrong options are refused by name") {
  const auto unknown = Performance::create({}, {.moods = {{0, "hangry"}}});
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().code == ErrorCode::invalid_argument);
  CHECK(unknown.error().message.starts_with(
      "unknown mood \"hangry\": choose one of neutral, professional, happy"));
  CHECK_FALSE(Performance::create({}, {.moods = {{0, "happy", 1.5}}}).has_value());
  CHECK_FALSE(Performance::create({}, {.moods = {{std::nan(""), "happy"}}}).has_value());
  CHECK_FALSE(Performance::create({}, {.idle_start_s = std::nan("")}).has_value());
}

TEST_CASE("viseme weights sum to one and are whole in the middle of a sound") {
  const auto performance = perform(full_of_bilabials(0.7));
  for (const double t : times(-0.5, performance.duration_s() + 0.5, 0.003)) {
    float total = 0;
    for (const float weight : performance.visemes(t)) {
      REQUIRE(weight >= 0);
      total += weight;
    }
    REQUIRE(std::abs(total - 1) < 1e-5F);
  }
  const Timeline& timeline = performance.timeline();
  for (const Phone& phone : timeline.phones) {
    if (phone.ipa != "p") continue;
    CHECK(performance.visemes(middle_s(timeline, phone))[1] > 0.95F);
  }
  CHECK(performance.visemes(10)[0] == 1);
}
