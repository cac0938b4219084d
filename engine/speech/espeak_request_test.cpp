#include "engine/speech/espeak_request.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/speech/espeak_test_engine.h"
#include "engine/speech/input_text.h"

using namespace vivavox;

namespace {

std::vector<SpeechClause> spoken(std::string text, std::string_view voice,
                                 const SpeechOptions& options = {}) {
  auto request = EspeakRequest::create(test_engine(), std::move(text), voice, options);
  REQUIRE(request.has_value());
  std::vector<SpeechClause> clauses;
  for (;;) {
    auto clause = request->next();
    REQUIRE(clause.has_value());
    if (!*clause) return clauses;
    clauses.push_back(std::move(**clause));
  }
}

std::string ipa_of_word(const Timeline& timeline, std::size_t word) {
  std::string ipa;
  for (const Phone& phone : timeline.phones) {
    if (phone.word == static_cast<std::int32_t>(word)) ipa += phone.ipa + " ";
  }
  return ipa;
}

void check_order(const Timeline& timeline) {
  std::int64_t end = 0;
  for (const Phone& phone : timeline.phones) {
    CHECK(phone.start_samples == end);
    CHECK(phone.end_samples > phone.start_samples);
    CHECK((phone.word < 0) == phone.ipa.empty());
    end = phone.end_samples;
  }
  CHECK(end == timeline.length_samples);
  std::uint32_t at_bytes = 0;
  for (const Word& word : timeline.words) {
    CHECK(word.begin_bytes >= at_bytes);
    CHECK(word.end_bytes > word.begin_bytes);
    CHECK(word.end_samples > word.start_samples);
    at_bytes = word.end_bytes;
  }
}

double mean_square(const SpeechClause& clause, std::int64_t begin, std::int64_t end) {
  double sum = 0;
  for (std::int64_t i = begin; i < end; ++i) {
    sum += std::pow(clause.samples[static_cast<std::size_t>(i)], 2);
  }
  return sum / static_cast<double>(end - begin);
}

std::string error_of(std::string text, std::string_view voice, const SpeechOptions& options = {}) {
  auto request = EspeakRequest::create(test_engine(), std::move(text), voice, options);
  REQUIRE_FALSE(request.has_value());
  return std::string(error_name(request.error().code)) + ": " + request.error().message;
}

}  // namespace

TEST_CASE("a text is spoken clause by clause, with phones and words in their places") {
  const auto clauses = spoken("Hello world, this is it.", "espeak:en-us");
  REQUIRE(clauses.size() == 2);
  const Timeline& first = clauses[0].timeline;
  CHECK(first.voice == "espeak:en-us");
  CHECK(first.language == "en-us");
  CHECK(first.timing == Timing::exact);
  CHECK(first.sample_rate_hz == 22050);
  CHECK(first.length_samples == static_cast<std::int64_t>(clauses[0].samples.size()));
  REQUIRE(first.words.size() == 2);
  CHECK(ipa_of_word(first, 0) == "h ə l oʊ ");
  CHECK(ipa_of_word(first, 1) == "w ɜː l d ");
  const auto vowel = std::ranges::find(first.phones, "oʊ", &Phone::ipa);
  REQUIRE(vowel != first.phones.end());
  CHECK(vowel->stress == Stress::primary);
  for (const SpeechClause& clause : clauses) check_order(clause.timeline);
  CHECK(clauses[1].timeline.words[0].begin_bytes == 13);
}

TEST_CASE("no phone that espeak-ng says is missing from the Timeline, whatever the language") {
  const std::string text = "The whole world, milk and bulb. 0 1 2 3 4 5 6 7 8 9 10 11 12.";
  for (const EspeakVoice& voice : espeak_voices()) {
    CAPTURE(voice.language);
    std::uint32_t at_bytes = 0;
    while (at_bytes < text.size()) {
      const auto clause = test_engine().speak(voice, {}, text, at_bytes);
      REQUIRE(clause.has_value());
      at_bytes = clause->end_bytes;
      if (!has_sound(*clause)) continue;
      std::string said, timed;
      for (const EspeakPhone& phone : clause->phones) {
        if (phone.kind == EspeakPhone::Kind::sound) said += phone.ipa;
      }
      const Timeline timeline = timeline_of(*clause, text, voice, test_engine().sample_rate_hz());
      for (const Phone& phone : timeline.phones) timed += phone.ipa;
      CHECK(timed == said);
      check_order(timeline);
    }
  }
}

TEST_CASE("a stop that is not released closes in the pause after it") {
  const auto clauses = spoken("sap6.", "espeak:yue-latn-jyutping");
  const std::vector<Phone>& phones = clauses.at(0).timeline.phones;
  const auto stop = std::ranges::find(phones, "p", &Phone::ipa);
  REQUIRE(stop != phones.end());
  CHECK(mean_square(clauses[0], stop->start_samples + 700, stop->end_samples) < 1e-4);
}

TEST_CASE("vowels sound where the Timeline has them, pauses are silent") {
  const auto clauses = spoken("A cat, a dog.", "espeak:en-us");
  for (const SpeechClause& clause : clauses) {
    for (const Phone& phone : clause.timeline.phones) {
      const double power = mean_square(clause, phone.start_samples, phone.end_samples);
      if (phone.stress == Stress::primary) CHECK(power > 1e-3);
      // The voice fades out within the first milliseconds of a pause.
      const std::int64_t faded = std::min(phone.start_samples + 700, phone.end_samples - 1);
      if (phone.ipa.empty()) CHECK(mean_square(clause, faded, phone.end_samples) < 1e-5);
    }
  }
}

TEST_CASE("a stop has its closure: the silence before its release") {
  const auto clauses = spoken("apart", "espeak:en-us");
  const Timeline& timeline = clauses.at(0).timeline;
  const auto stop = std::ranges::find(timeline.phones, "p", &Phone::ipa);
  REQUIRE(stop != timeline.phones.end());
  CHECK(mean_square(clauses[0], stop->start_samples + 100, stop->start_samples + 300) < 1e-4);
  CHECK(timeline.seconds(stop->end_samples - stop->start_samples) > 0.04);
}

TEST_CASE("rate and pitch change what is heard") {
  const auto length = [](const SpeechOptions& options) {
    return spoken("A sentence of some length.", "espeak:en-us", options)[0].timeline.duration_s();
  };
  const double usual = length({});
  CHECK(length({.rate = 2}) < 0.65 * usual);
  CHECK(length({.rate = 0.5}) > 1.5 * usual);

  // The period of a vowel, by the peak of its autocorrelation.
  const auto period = [](double pitch) {
    const auto clause = spoken("ah", "espeak:en-us", {.pitch = pitch}).at(0);
    const auto at = static_cast<std::size_t>(clause.timeline.words[0].start_samples) + 800;
    std::size_t best = 0;
    double best_sum = 0;
    for (std::size_t lag = 100; lag < 450; ++lag) {
      double sum = 0;
      for (std::size_t i = at; i < at + 1500; ++i)
        sum += clause.samples[i] * clause.samples[i + lag];
      if (sum > best_sum) best_sum = sum, best = lag;
    }
    return static_cast<double>(best);
  };
  CHECK(period(0.7) > 1.2 * period(1));
  CHECK(period(1.5) < 0.8 * period(1));
}

TEST_CASE("a request depends on no other: two that take turns give what each gives alone") {
  const std::string english = "One, two, three.";
  const std::string german = "Eins, zwei, drei.";
  const auto alone = spoken(english, "espeak:en-us");
  auto first = EspeakRequest::create(test_engine(), english, "espeak:en-us", {});
  auto second = EspeakRequest::create(test_engine(), german, "espeak:de", {.rate = 1.5});
  for (const SpeechClause& expected : alone) {
    const auto clause = first->next();
    REQUIRE(clause.has_value());
    REQUIRE(clause->has_value());
    CHECK((*clause)->timeline == expected.timeline);
    const bool same_samples = (*clause)->samples == expected.samples;
    CHECK(same_samples);
    REQUIRE(second->next().has_value());
  }
}

TEST_CASE("a cancelled request says so") {
  auto request = EspeakRequest::create(test_engine(), "One, two.", "espeak:en-us", {});
  REQUIRE(request->next().has_value());
  request->cancel();
  const auto next = request->next();
  REQUIRE_FALSE(next.has_value());
  CHECK(next.error().code == ErrorCode::cancelled);
}

TEST_CASE("every language of espeak-ng speaks") {
  for (const EspeakVoice& voice : espeak_voices()) {
    INFO(voice.language);
    const auto clauses = spoken("a 1, b 25.", "espeak:" + std::string(voice.language));
    CHECK(clauses.size() >= 1);
    for (const SpeechClause& clause : clauses) check_order(clause.timeline);
  }
}

TEST_CASE("markup and control characters are no commands") {
  const auto plain = spoken("a b", "espeak:en-us");
  for (const char control : {'\0', '\x01', '\x02', '\x7f'}) {
    const auto clauses = spoken(std::string("a") + control + "b", "espeak:en-us");
    const bool sounds_plain = clauses.size() == 1 && clauses[0].samples == plain[0].samples;
    CHECK(sounds_plain);
  }
  const auto markup = spoken("<break time=\"5s\"/> x [[h@]]", "espeak:en-us");
  CHECK(markup[0].timeline.words.size() >= 3);
}

TEST_CASE("the longest text is spoken from its first clause on") {
  std::string text;
  while (text.size() + 12 <= max_text_bytes) text += "Some words. ";
  auto request = EspeakRequest::create(test_engine(), text, "espeak:en-us", {});
  REQUIRE(request.has_value());
  REQUIRE(request->next().has_value());
}

TEST_CASE("a long word and a long sentence are spoken whole") {
  const auto word = spoken(std::string(3000, 'a') + "!", "espeak:en-us");
  CHECK_FALSE(word.empty());
  std::string text;
  for (int i = 0; i < 600; ++i) text += "word ";
  std::size_t words = 0;
  for (const SpeechClause& clause : spoken(text, "espeak:en-us")) {
    check_order(clause.timeline);
    words += clause.timeline.words.size();
  }
  CHECK(words == 600);
}

// What fuzzing met: each once read or wrote beyond espeak-ng's buffers, in one
// language or another (scripts/dependencies/espeak-ng/amend.py).
TEST_CASE("texts that once ended espeak-ng are spoken or refused in every language") {
  const std::string texts[] = {
      "`",
      "]3,` `'",
      "dA4929 288\1 87",
      "O:).}..}~\u00c3&$;<~-d \u07e4p 1\v e\u0294n\f#",
      "N=IIN 3...\u025b..INNINN.+....n..N.",
      "n" + std::string(34, '9') + "%999999999 i1 " + std::string(17, '9') + " 1.1.1.1.19999",
      "\u207f\u00b2\u2083 \u00bd \u2665 \u2813\u2811 \U0001d538 \U0001f600 \u20ac \ufffd",
      "[c\x0f"
      "a.bycyx.c. a.b.c. a.b.c. a.b.c. a.b.c. a.b.c. a.b.c. a.b.c. a.b.c. a.b.c. a.b.c.",
      "0." + std::string(300, '0') + "1 " + std::string(120, '9') + " " + std::string(400, 'x'),
  };
  for (const EspeakVoice& voice : espeak_voices()) {
    for (const std::string& text : texts) {
      const std::string name = "espeak:" + std::string(voice.language);
      auto request = EspeakRequest::create(test_engine(), text, name, {.rate = 2});
      REQUIRE(request.has_value());
      auto clause = request->next();
      for (; clause && *clause; clause = request->next()) check_order((*clause)->timeline);
      // A language may have no sound for any of it.
      CHECK((clause || clause.error().code == ErrorCode::synthesis_failed));
    }
  }
}

TEST_CASE("what cannot be spoken is refused in one sentence") {
  CHECK(error_of("Hi", "espeak:xx") ==
        "unknown_voice: espeak-ng has no language \"xx\"; try espeak:en-us");
  CHECK(error_of("Hi", "Anna").starts_with("unknown_voice: there is no voice \"Anna\""));
  CHECK(error_of(" \n\t ", "espeak:en-us").starts_with("invalid_text: the text is empty"));
  CHECK(error_of("ab\xFFz", "espeak:en-us")
            .starts_with("invalid_text: the text is not UTF-8: byte 2"));
  CHECK(error_of(std::string(1'000'000, 'a'), "espeak:en-us")
            .starts_with("invalid_text: the text has 1000000 bytes"));
  CHECK(error_of("Hi", "espeak:en-us", {.rate = 0}).starts_with("invalid_argument"));
}
