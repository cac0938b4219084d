#include "engine/speech/espeak_voices.h"

#include <catch2/catch_test_macros.hpp>
#include <filesystem>

using namespace vivavox;

TEST_CASE("a language is found by its identifier, its alias and in any case") {
  CHECK(find_espeak_voice("en-us")->file == "gmw/en-US");
  CHECK(find_espeak_voice("en_US")->language == "en-us");
  CHECK(find_espeak_voice("fr")->language == "fr-fr");
  CHECK(find_espeak_voice("zh")->language == "cmn");
  CHECK(find_voice("espeak:de")->name == "German");
}

TEST_CASE("an unknown language is refused with those that are alike") {
  const auto voice = find_voice("espeak:pt-zz");
  REQUIRE_FALSE(voice.has_value());
  CHECK(voice.error().code == ErrorCode::unknown_voice);
  CHECK(voice.error().message == "espeak-ng has no language \"pt-zz\"; there are: pt, pt-br");
}

TEST_CASE("all data files of all languages are there, and no more are named than needed") {
  for (const EspeakVoice& voice : espeak_voices()) {
    for (const std::string& file : data_files(voice)) {
      INFO(file);
      CHECK(std::filesystem::is_regular_file(std::filesystem::path(VIVAVOX_ESPEAK_DATA) / file));
    }
  }
  CHECK(data_files(*find_espeak_voice("en-us")) ==
        std::vector<std::string>{"phontab", "phonindex", "phondata", "intonations",
                                 "lang/gmw/en-US", "en_dict"});
}
