#include "engine/align/reading_ahead.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>

using namespace vivavox;

namespace {

constexpr std::int32_t spoken_hz = 16000;

/// Words of two phones of a tenth of a second each, the second one after a pause as long.
SpeechClause clause_of(int words) {
  SpeechClause clause;
  Timeline& timeline = clause.timeline;
  timeline.text = "text";
  timeline.sample_rate_hz = spoken_hz;
  const auto add = [&](const char* ipa, std::int32_t word) {
    const std::int64_t start = timeline.length_samples;
    timeline.length_samples += spoken_hz / 10;
    timeline.phones.push_back(
        {.ipa = ipa, .start_samples = start, .end_samples = timeline.length_samples, .word = word});
  };
  for (std::int32_t word = 0; word < words; ++word) {
    if (word == 1) add("", -1);
    const std::int64_t start = timeline.length_samples;
    add("a", word);
    add("b", word);
    timeline.words.push_back({.start_samples = start, .end_samples = timeline.length_samples});
  }
  clause.samples.resize(static_cast<std::size_t>(timeline.length_samples), 0.1F);
  return clause;
}

ClauseSource clauses(int count) {
  return [left = count]() mutable -> Result<std::optional<SpeechClause>> {
    if (left-- == 0) return std::nullopt;
    return clause_of(4);
  };
}

}  // namespace

TEST_CASE("a word's edge is where nothing of a word is said on both sides") {
  Timeline timeline;
  for (const std::int32_t word : {0, -1, 0, 1, 3, 2, 4}) timeline.phones.push_back({.word = word});
  CHECK(word_edges(timeline) ==
        std::vector<bool>{true, false, false, true, true, false, true, true});
}

TEST_CASE("a reading is read as far as it is asked for, in whole words") {
  ReadingAhead reading(clauses(3));
  REQUIRE(reading.read_until(50));
  CHECK(!reading.is_over());
  CHECK(reading.timeline().words.size() == 4);
  CHECK(reading.phones_within(19) == 0);
  CHECK(reading.phones_within(20) == 2);
  CHECK(reading.phones_within(49) == 3);  // a pause belongs to no word
  CHECK(reading.phones_within(50) == 5);
  const Timeline part = first_part(reading.timeline(), 5);
  CHECK(part.words.size() == 2);
  CHECK(part.length_samples == spoken_hz / 2);
  REQUIRE(reading.read_until(1000));
  CHECK(reading.is_over());
  CHECK(reading.phones_within(1000) == 27);
}

TEST_CASE("a phone of less than a frame sounds like the frame that it is in") {
  ReadingAhead reading([is_over = false]() mutable -> Result<std::optional<SpeechClause>> {
    if (std::exchange(is_over, true)) return std::nullopt;
    SpeechClause clause = clause_of(2);
    clause.timeline.phones.insert(clause.timeline.phones.begin(),
                                  {.ipa = "t", .end_samples = 8, .word = -1});
    return clause;
  });
  REQUIRE(reading.read_until(1000));
  CHECK(reading.features(1).size() == 1);
}

TEST_CASE("what is settled of a reading is gone, and the rest stays where it sounds") {
  ReadingAhead reading(clauses(3));
  REQUIRE(reading.read_until(1000));
  const std::size_t frames = reading.features(27).size();
  reading.drop(14);  // the second clause's third word
  CHECK(reading.timeline().words.size() == 6);
  CHECK(reading.timeline().phones.front().word == 0);
  CHECK(reading.timeline().phones.front().start_samples == spoken_hz * 4 / 10);
  CHECK(reading.features(13).size() == frames - 100);
  reading.drop(13);
  CHECK(reading.timeline().phones.empty());
  CHECK(reading.timeline().words.empty());
}
