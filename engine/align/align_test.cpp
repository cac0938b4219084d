#include "engine/align/align.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

namespace {

struct Spoken {
  Timeline timeline;
  std::vector<float> samples;
  Recording recording() const { return {timeline.sample_rate_hz, samples}; }
};

Spoken speak(std::string_view voice, double rate) {
  auto request = EspeakRequest::create(
      test_engine(),
      "The quick brown fox jumps over the lazy dog, while seven wizards watch in silence.", voice,
      {.rate = rate});
  REQUIRE(request);
  Spoken spoken;
  while (true) {
    auto clause = request->next();
    REQUIRE(clause);
    if (!*clause) return spoken;
    if (spoken.samples.empty()) {
      spoken = {(*clause)->timeline, (*clause)->samples};
    } else {
      append(spoken.timeline, (*clause)->timeline);
      spoken.samples.insert(spoken.samples.end(), (*clause)->samples.begin(),
                            (*clause)->samples.end());
    }
  }
}

/// How far the starts of words lie from where they are, in seconds, ascending.
std::vector<double> word_errors_s(const Timeline& found, const Timeline& truth, double shift_s) {
  REQUIRE(found.words.size() == truth.words.size());
  std::vector<double> errors_s;
  for (std::size_t i = 0; i < truth.words.size(); ++i) {
    errors_s.push_back(std::abs(found.seconds(found.words[i].start_samples) - shift_s -
                                truth.seconds(truth.words[i].start_samples)));
  }
  std::ranges::sort(errors_s);
  return errors_s;
}

void check_whole(const Timeline& timeline) {
  REQUIRE(!timeline.phones.empty());
  std::int64_t at = 0;
  for (const Phone& phone : timeline.phones) {
    CHECK(phone.start_samples == at);
    CHECK(phone.end_samples >= phone.start_samples);
    at = phone.end_samples;
  }
  CHECK(at == timeline.length_samples);
}

}  // namespace

TEST_CASE("a reading aligned with itself keeps its times") {
  const Spoken spoken = speak("espeak:en-us", 1);
  const auto aligned = align(spoken.timeline, spoken.samples, spoken.recording());
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  CHECK(aligned->agreement > 0.95);
  CHECK(aligned->timeline.timing == Timing::estimated);
  CHECK(word_errors_s(aligned->timeline, spoken.timeline, 0).back() < 0.015);
}

TEST_CASE("slower, faster and other voices are followed") {
  const Spoken reference = speak("espeak:en-us", 1);
  for (const auto& [voice, rate] : {std::pair("espeak:en-us", 0.75), std::pair("espeak:en-us", 1.3),
                                    std::pair("espeak:en-gb", 1.0)}) {
    const Spoken said = speak(voice, rate);
    const auto aligned = align(reference.timeline, reference.samples, said.recording());
    REQUIRE(aligned);
    check_whole(aligned->timeline);
    const auto errors_s = word_errors_s(aligned->timeline, said.timeline, 0);
    INFO(voice << " at " << rate << ": agreement " << aligned->agreement << ", median "
               << errors_s[errors_s.size() / 2] << " s, worst " << errors_s.back() << " s");
    CHECK(errors_s[errors_s.size() / 2] < 0.03);
    CHECK(errors_s.back() < 0.12);
  }
}

TEST_CASE("silence and noise around the speech become pauses") {
  const Spoken spoken = speak("espeak:en-us", 1);
  constexpr double before_s = 0.7;
  Recording recording = spoken.recording();
  const auto silence = static_cast<std::size_t>(before_s * recording.sample_rate_hz);
  recording.samples.insert(recording.samples.begin(), silence, 0.0F);
  recording.samples.insert(recording.samples.end(), silence, 0.0F);
  double energy = 0;
  for (const float sample : spoken.samples) energy += double(sample) * sample;
  const double noise = std::sqrt(energy / double(spoken.samples.size()) / 100 * 3);  // 20 dB below
  unsigned state = 7;
  for (float& sample : recording.samples) {
    state = state * 1664525 + 1013904223;
    sample += static_cast<float>(noise * (2.0 * double(state >> 8) / (1 << 24) - 1));
  }
  const auto aligned = align(spoken.timeline, spoken.samples, recording);
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  CHECK(aligned->timeline.phones.front().ipa.empty());
  CHECK(aligned->timeline.seconds(aligned->timeline.phones.front().end_samples) > 0.6);
  CHECK(aligned->timeline.phones.back().ipa.empty());
  const auto errors_s = word_errors_s(aligned->timeline, spoken.timeline, before_s);
  INFO("median " << errors_s[errors_s.size() / 2] << " s, worst " << errors_s.back() << " s");
  CHECK(errors_s[errors_s.size() / 2] < 0.03);
  CHECK(errors_s.back() < 0.12);
}

TEST_CASE("what is no recording of the text is told") {
  const Spoken spoken = speak("espeak:en-us", 1);
  const auto code = [&](Recording recording) {
    const auto aligned = align(spoken.timeline, spoken.samples, recording);
    REQUIRE(!aligned);
    return aligned.error().code;
  };
  CHECK(code({22050, {}}) == ErrorCode::invalid_audio);
  CHECK(code({22050, std::vector<float>(22050)}) == ErrorCode::invalid_audio);
  CHECK(code({8000, std::vector<float>(8000 * 601, 0.1F)}) == ErrorCode::invalid_audio);
}
