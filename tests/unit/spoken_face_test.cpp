// Speech and face together: what real voices say, in many languages.
#include <catch2/catch_test_macros.hpp>

#include "engine/face/mouth.h"
#include "engine/face/performance.h"
#include "engine/phonetics/articulation.h"
#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"
#include "engine/speech/espeak_voices.h"

using namespace vivavox;

namespace {

Performance perform(std::string text, std::string_view voice, const SpeechOptions& options = {}) {
  auto request = EspeakRequest::create(test_engine(), std::move(text), voice, options);
  REQUIRE(request.has_value());
  auto performance = Performance::create({}).value();
  for (bool first = true;; first = false) {
    auto clause = request->next();
    CAPTURE(voice, clause ? "" : clause.error().message);
    REQUIRE(clause.has_value());
    if (!*clause) return performance;
    if (first) {
      performance = Performance::create((*clause)->timeline).value();
    } else {
      performance.append((*clause)->timeline);
    }
  }
}

/// Checks every bilabial that is a phone of its own; returns how many.
int check_closures(const Performance& performance) {
  const Timeline& timeline = performance.timeline();
  int closures = 0;
  for (const Phone& phone : timeline.phones) {
    const auto sequence = parse_ipa(phone.ipa).sequence;
    if (sequence.size() != 1 || !closes_lips(sequence.front())) continue;
    const double middle_s = timeline.seconds(phone.start_samples + phone.end_samples) / 2;
    CAPTURE(phone.ipa, middle_s, timeline.language);
    CHECK(lip_opening(performance.pose(middle_s).weights) <= 0.001);
    ++closures;
  }
  return closures;
}

constexpr std::string_view full_of_bilabials =
    "Peter Piper picked a peck of pickled peppers. Bob may move my mum's maple map.";

}  // namespace

TEST_CASE("the lips are shut in every p, b and m of a spoken sentence, slow and fast") {
  for (const double rate : {0.5, 1.0, 2.0}) {
    CHECK(check_closures(perform(std::string(full_of_bilabials), "espeak:en-us", {.rate = rate})) >=
          19);
  }
}

TEST_CASE("lips close and teeth touch in other languages too") {
  const auto check = [](std::string text, std::string_view voice) {
    CHECK(check_closures(perform(std::move(text), voice)) >= 4);
  };
  check("Papa probiert pappige Pampelmusen, bitte mehr Pfeffer.", "espeak:de");
  check("Mon papa ne peut pas planter de beaux bambous.", "espeak:fr");
  check("Pepe Pecas pica papas con un pico. Bamba y mambo.", "espeak:es");
  check("Мама мыла раму, папа пил пиво и бабушка пела.", "espeak:ru");
  check("爸爸妈妈不怕跑步。", "espeak:cmn");
}

TEST_CASE("every phone of every voice is understood") {
  for (const EspeakVoice& voice : espeak_voices()) {
    const Performance performance =
        perform("0 1 2 3 4 5 6 7 8 9 10 11 12 13 17 20 30 50 100 1000 ᎣᏏᏲ",
                "espeak:" + std::string(voice.language));
    for (const Phone& phone : performance.timeline().phones) {
      CAPTURE(voice.language, phone.ipa);
      CHECK(parse_ipa(phone.ipa).understood);
    }
    check_closures(performance);
  }
}
