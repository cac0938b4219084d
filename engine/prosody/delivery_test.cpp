#include "engine/prosody/delivery.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

using namespace vivavox;

namespace {

constexpr std::int32_t speech_hz = 16000;

/// 150 ms of [a] at each pitch and amplitude, with [s] between them.
struct Speech {
  Timeline timeline{.sample_rate_hz = speech_hz};
  std::vector<float> samples;

  void say(const char* ipa, double pitch_hz, double amplitude) {
    const auto start = std::ssize(samples);
    for (int i = 0; i < speech_hz * 15 / 100; ++i) {
      const double phase = 2 * std::numbers::pi * pitch_hz * i / speech_hz;
      double sum = 0;
      for (int k = 1; k <= 6; ++k) sum += std::sin(k * phase) / k;
      samples.push_back(static_cast<float>(amplitude * sum));
    }
    timeline.length_samples = std::ssize(samples);
    timeline.phones.push_back(
        {.ipa = ipa, .start_samples = start, .end_samples = std::ssize(samples)});
  }
  VoiceTrack track() const { return {samples, speech_hz}; }
};

Speech syllables(std::initializer_list<std::pair<double, double>> list) {
  Speech speech;
  for (const auto& [pitch_hz, amplitude] : list) {
    speech.say("s", 0, 0);
    speech.say("a", pitch_hz, amplitude);
  }
  return speech;
}

Delivery delivery(const Speech& speech, std::size_t syllable) {
  return speech.timeline.phones[2 * syllable + 1].delivery;
}

}  // namespace

TEST_CASE("a louder vowel and a higher one are told by how much") {
  Speech speech = syllables({{120, 0.1}, {120, 0.1}, {120, 0.2}, {240, 0.1}});
  UsualVoice().describe(speech.timeline, speech.track());
  CHECK(std::abs(delivery(speech, 2).loudness_db - delivery(speech, 0).loudness_db - 6) <= 1);
  CHECK(std::abs(delivery(speech, 3).pitch_cents - delivery(speech, 0).pitch_cents - 1200) <= 100);
  CHECK(delivery(speech, 0).loudness_db < 0);
  CHECK(speech.timeline.phones[0].delivery == Delivery{});
}

TEST_CASE("what is usual is remembered from clause to clause, and forgotten") {
  UsualVoice usual;
  Speech quiet = syllables({{120, 0.05}, {120, 0.05}, {120, 0.05}});
  usual.describe(quiet.timeline, quiet.track());
  CHECK(delivery(quiet, 1) == Delivery{});
  Speech loud = syllables({{170, 0.5}, {170, 0.5}});
  usual.describe(loud.timeline, loud.track());
  CHECK(delivery(loud, 0).loudness_db >= 10);
  CHECK(delivery(loud, 0).pitch_cents >= 300);
  for (int i = 0; i < 60; ++i) usual.describe(loud.timeline, loud.track());
  CHECK(std::abs(delivery(loud, 0).loudness_db) <= 1);
}

TEST_CASE("silence and sounds that end before their phones are described without a fault") {
  Speech speech = syllables({{0, 0}, {120, 0.1}});
  speech.timeline.phones.push_back(
      {.ipa = "a", .start_samples = speech_hz * 100, .end_samples = speech_hz * 101});
  UsualVoice().describe(speech.timeline, speech.track());
  CHECK(speech.timeline.phones.back().delivery == Delivery{});
  CHECK(delivery(speech, 0).pitch_cents == 0);
  CHECK(delivery(speech, 0).loudness_db >= -30);
}
