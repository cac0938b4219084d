#include "engine/align/loudness_timeline.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

TEST_CASE("speech of unknown words moves the mouth in its rhythm") {
  // Nine syllables, and a pause between the two clauses' sounds.
  auto request =
      EspeakRequest::create(test_engine(), "Mama makes a banana cake today.", "espeak:en-us", {});
  REQUIRE(request);
  auto clause = request->next();
  REQUIRE(clause);
  REQUIRE(*clause);
  Recording recording{(*clause)->timeline.sample_rate_hz, (*clause)->samples};
  recording.samples.insert(recording.samples.begin(), 22050, 0.0F);
  const auto timeline = loudness_timeline(recording);
  REQUIRE(timeline);
  CHECK(timeline->timing == Timing::estimated);
  CHECK(timeline->words.empty());
  REQUIRE(!timeline->phones.empty());
  CHECK(timeline->phones.front().ipa.empty());
  CHECK(timeline->seconds(timeline->phones.front().end_samples) > 0.9);
  std::int64_t at = 0;
  for (const Phone& phone : timeline->phones) {
    CHECK(phone.start_samples == at);
    at = phone.end_samples;
  }
  CHECK(at == timeline->length_samples);
  const auto vowels = std::ranges::count_if(timeline->phones, [](const Phone& phone) {
    return !phone.ipa.empty() && phone.ipa != "s" && phone.ipa != "d";
  });
  INFO(vowels << " syllables found");
  CHECK(vowels >= 6);
  CHECK(vowels <= 14);
}

TEST_CASE("silence is one pause, and nothing is no recording") {
  const auto silent = loudness_timeline({16000, std::vector<float>(16000)});
  REQUIRE(silent);
  REQUIRE(silent->phones.size() == 1);
  CHECK(silent->phones.front().ipa.empty());
  CHECK(!loudness_timeline({16000, {}}));
}
