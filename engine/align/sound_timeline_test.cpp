#include "engine/align/sound_timeline.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

namespace {

SpeechClause said(const char* text) {
  auto request = EspeakRequest::create(test_engine(), text, "espeak:en-us", {});
  REQUIRE(request);
  auto clause = request->next();
  REQUIRE(clause);
  REQUIRE(*clause);
  return **std::move(clause);
}

bool is_one_of(std::string_view ipa, std::initializer_list<std::string_view> all) {
  return std::ranges::contains(all, ipa);
}

}  // namespace

TEST_CASE("the lips of a mouth that hears unknown words close where they close") {
  const SpeechClause clause = said(
      "Mama may buy a map of Bombay and a pump for the boat before the summer comes back again");
  const auto heard = sound_timeline({clause.timeline.sample_rate_hz, clause.samples});
  REQUIRE(heard);
  CHECK(heard->timing == Timing::estimated);
  CHECK(heard->words.empty());
  std::int64_t at = 0;
  for (const Phone& phone : heard->phones) {
    CHECK(phone.start_samples == at);
    at = phone.end_samples;
  }
  CHECK(at == heard->length_samples);

  int closures = 0, found = 0;
  for (const Phone& phone : clause.timeline.phones) {
    if (!is_one_of(phone.ipa, {"p", "b", "m"})) continue;
    ++closures;
    found += std::ranges::any_of(heard->phones, [&](const Phone& other) {
      return is_one_of(other.ipa, {"p", "b", "m"}) && other.start_samples < phone.end_samples &&
             other.end_samples > phone.start_samples;
    });
  }
  INFO(found << " of " << closures);
  CHECK(closures >= 10);
  CHECK(found >= 0.5 * closures);
}

TEST_CASE(
    "too little sound is followed by its loudness, silence is one pause, and nothing is refused") {
  const SpeechClause clause = said("Map.");
  const auto short_one = sound_timeline({clause.timeline.sample_rate_hz, clause.samples});
  REQUIRE(short_one);
  CHECK(short_one->phones.size() >= 2);
  const auto silent = sound_timeline({16000, std::vector<float>(48000)});
  REQUIRE(silent);
  REQUIRE(silent->phones.size() == 1);
  CHECK(silent->phones.front().ipa.empty());
  CHECK(sound_timeline({16000, {}}).error().code == ErrorCode::invalid_audio);
}
