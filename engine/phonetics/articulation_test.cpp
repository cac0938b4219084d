#include "engine/phonetics/articulation.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <string>

using namespace vivavox;

namespace {

Articulation only(std::string_view ipa) {
  const Articulations parsed = parse_ipa(ipa);
  REQUIRE(parsed.understood);
  REQUIRE(parsed.sequence.size() == 1);
  return parsed.sequence.front();
}

std::vector<std::string> inventory() {
  std::ifstream file(VIVAVOX_ROOT "/tests/data/ipa_inventory.txt");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool in_unit_range(double value) {
  return value >= 0 && value <= 1;
}

/// Tone, length and variant marks that stand alone have no articulation.
bool has_letter(std::string_view ipa) {
  for (const std::string_view mark : {"ː", "˥", "˦", "˧", "˨", "˩", "\u0303"}) {
    if (ipa.starts_with(mark)) return false;
  }
  return ipa.find_first_not_of("-0123456789") == 0;
}

}  // namespace

TEST_CASE("every IPA symbol of espeak-ng is understood") {
  const auto symbols = inventory();
  REQUIRE(symbols.size() > 400);
  for (const std::string& symbol : symbols) {
    for (const char* suffix : {"", "ː", "\u0329", "˧˥", "2"}) {
      const Articulations parsed = parse_ipa(symbol + suffix);
      CAPTURE(symbol, suffix);
      CHECK(parsed.understood);
      if (has_letter(symbol)) CHECK_FALSE(parsed.sequence.empty());
      CHECK(parsed.sequence.size() <= 4);
      for (const Articulation& made : parsed.sequence) {
        CHECK(in_unit_range(static_cast<double>(made.height)));
        CHECK(in_unit_range(static_cast<double>(made.backness)));
        CHECK(in_unit_range(static_cast<double>(made.rounding)));
        CHECK((made.length > 0.1F && made.length < 5));
      }
    }
  }
}

TEST_CASE("letters have the features of the IPA chart") {
  CHECK(only("p").place == Place::bilabial);
  CHECK_FALSE(only("p").voiced);
  CHECK(only("ɲ").nasal);
  CHECK(only("ʎ").lateral);
  CHECK(only("y").rounding == 1);
  CHECK(only("i").rounding == 0);
  CHECK(only("a").height < only("ɛ").height);
  CHECK(only("u").backness > only("i").backness);
  CHECK(only("w").rounding == 1);
}

TEST_CASE("diacritics change what they are written on") {
  CHECK(only("ɑ̃").nasal);
  CHECK(only("ã") == only("a\u0303"));
  CHECK(only("tʷ").rounding > 0.5F);
  CHECK(only("lˠ").velarised);
  CHECK(only("tʲ").palatalised);
  CHECK(only("t̪").place == Place::dental);
  CHECK(only("n̩").syllabic);
  CHECK(only("aː").length > only("a").length);
  CHECK_FALSE(only("r̝̊").voiced);
  CHECK(only("a˧˥") == only("a"));
  CHECK(only("oɜ") == only("o"));  // Vietnamese, third tone
  CHECK(only("ᵐb").place == Place::bilabial);
}

TEST_CASE("diphthongs and affricates are sequences, double closures are one") {
  const auto ai = parse_ipa("aɪə").sequence;
  REQUIRE(ai.size() == 3);
  CHECK(ai[0].height < ai[1].height);
  for (const std::string_view affricate : {"tʃ", "t͡ʃ", "ʧ"}) {
    const auto sequence = parse_ipa(affricate).sequence;
    REQUIRE(sequence.size() == 2);
    CHECK(sequence[0].manner == Manner::plosive);
    CHECK(is_sibilant(sequence[1]));
  }
  CHECK(closes_lips(only("k͡p")));
  CHECK(closes_lips(only("ɡ͡b")));
}

TEST_CASE("the lips close for bilabial stops, nasals, trills and clicks alone") {
  for (const std::string_view ipa : {"p", "b", "m", "ɓ", "ʘ", "ʙ", "pʰ", "bʲ", "mː"}) {
    CHECK(closes_lips(only(ipa)));
  }
  for (const std::string_view ipa : {"f", "w", "u", "β", "ɱ", "t", "ʔ"}) {
    CHECK_FALSE(closes_lips(only(ipa)));
  }
}

TEST_CASE("superscripts alone are short letters, marks alone are nothing") {
  CHECK(only("ʲ").place == Place::palatal);
  CHECK(only("ʰ").place == Place::glottal);
  CHECK(parse_ipa("ː").sequence.empty());
  CHECK(parse_ipa("ː").understood);
  CHECK(parse_ipa("").understood);
}

TEST_CASE("what is not IPA is skipped and said so") {
  const Articulations parsed = parse_ipa("p漢a");
  CHECK_FALSE(parsed.understood);
  CHECK(parsed.sequence.size() == 2);
  CHECK_FALSE(parse_ipa("a\xFF").understood);
  CHECK(parse_ipa(std::string(100'000, 'a')).sequence.size() == 8);
}
