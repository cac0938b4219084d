#include "server/service/speech_json.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

Speech spoken() {
  Timeline timeline{.text = "Chip!", .sample_rate_hz = 1000, .length_samples = 600};
  timeline.words = {{.begin_bytes = 0, .end_bytes = 4, .start_samples = 100, .end_samples = 600}};
  timeline.phones = {{.ipa = "", .start_samples = 0, .end_samples = 100},
                     {.ipa = "tʃ", .start_samples = 100, .end_samples = 200},
                     {.ipa = "ɪ", .start_samples = 200, .end_samples = 400},
                     {.ipa = "i", .start_samples = 400, .end_samples = 500},
                     {.ipa = "p", .start_samples = 500, .end_samples = 600}};
  return {std::move(timeline), std::vector<float>(600), 0.9};
}

}  // namespace

TEST_CASE("phones have ARPABET, visemes and both kinds of times") {
  const auto list = phonemes_json(spoken());
  REQUIRE(list.size() == 5);
  CHECK(list[0].at("phoneme") == "SIL");
  CHECK(list[0].at("viseme") == "sil");
  CHECK(list[1].at("phoneme") == "CH");
  CHECK(list[1].at("viseme") == "CH");
  CHECK(list[1].at("start_ms") == 100);
  CHECK(list[1].at("confidence") == 0.9);
  CHECK(phoneme_rows(spoken())[4].viseme == "PP");
}

TEST_CASE("equal visemes in a row are one") {
  const auto list = visemes_json(spoken().timeline);
  REQUIRE(list.size() == 4);
  CHECK(list[2].at("viseme") == "I");
  CHECK(list[2].at("end") == 0.5);
  CHECK(words_json(spoken().timeline).front().at("text") == "Chip");
}
