#include "engine/listen/listener.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

namespace {

Recording recording_of(const char* text) {
  auto request = EspeakRequest::create(test_engine(), text, "espeak:en-us", {});
  REQUIRE(request);
  auto clause = request->next();
  REQUIRE(clause);
  REQUIRE(*clause);
  return {(*clause)->timeline.sample_rate_hz, (*clause)->samples};
}

void check_whole(const Timeline& timeline) {
  std::int64_t at = 0;
  for (const Phone& phone : timeline.phones) {
    CHECK(phone.start_samples == at);
    CHECK(phone.end_samples > at);
    at = phone.end_samples;
  }
  CHECK(at == timeline.length_samples);
  std::int64_t before = -1;
  for (const MouthMoment& moment : timeline.mouth) {
    CHECK(moment.at_samples > before);
    before = moment.at_samples;
  }
  CHECK(before < timeline.length_samples);
}

}  // namespace

TEST_CASE("a recording of unknown words is heard from its first sample to its last") {
  const Recording recording = recording_of("Seven silver swans swam silently seaward.");
  const auto timeline = heard_timeline(recording);
  REQUIRE(timeline);
  check_whole(*timeline);
  CHECK(timeline->length_samples == std::ssize(recording.samples));
  CHECK(timeline->timing == Timing::estimated);
  CHECK(timeline->words.empty());
  CHECK(timeline->phones.size() > 15);
  CHECK(timeline->mouth.size() == (recording.samples.size() * 50 + 22049) / 22050);
}

TEST_CASE("stretches follow one another whatever pieces the sound comes in") {
  const Recording recording = recording_of("Piece by piece.");
  const std::size_t piece = GENERATE(64UL, 1000UL, 5000UL);
  const auto whole = heard_timeline(recording);
  REQUIRE(whole);
  Listener listener(recording.sample_rate_hz);
  Timeline joined{.sample_rate_hz = recording.sample_rate_hz, .timing = Timing::estimated};
  for (std::size_t at = 0; at < recording.samples.size(); at += piece) {
    const auto some =
        std::span(recording.samples).subspan(at, std::min(piece, recording.samples.size() - at));
    const Timeline stretch = listener.push(some);
    check_whole(stretch);
    append(joined, stretch);
    const auto known = std::min(at + piece, recording.samples.size());
    CHECK(double(known) - double(joined.length_samples) <= 0.07 * recording.sample_rate_hz);
  }
  append(joined, listener.finish());
  CHECK(joined.length_samples == std::ssize(recording.samples));
  CHECK(joined.mouth == whole->mouth);
}

TEST_CASE("silence is one pause, and nothing and too much are refused") {
  const auto silent = heard_timeline({16000, std::vector<float>(48000)});
  REQUIRE(silent);
  REQUIRE(silent->phones.size() == 1);
  CHECK(silent->phones.front().ipa.empty());
  CHECK(heard_timeline({16000, {}}).error().code == ErrorCode::invalid_audio);
  CHECK(heard_timeline({0, std::vector<float>(10)}).error().code == ErrorCode::invalid_audio);
  CHECK(heard_timeline({10, std::vector<float>(6001)}).error().code == ErrorCode::invalid_audio);
}

TEST_CASE("a Timeline with a mouth is the same after its JSON") {
  const auto timeline = heard_timeline(recording_of("Read me again."));
  REQUIRE(timeline);
  const auto again = timeline_from_json(to_json(*timeline));
  REQUIRE(again);
  CHECK(again->mouth == timeline->mouth);
  CHECK(to_json(*again) == to_json(*timeline));
}
