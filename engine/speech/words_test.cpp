#include "engine/speech/words.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

namespace {

/// The words of all clauses, by "|".
std::string words(std::string_view language, const std::string& text) {
  std::string out;
  for (std::uint32_t at = 0; at < text.size();) {
    const auto clause = test_engine().translate(*find_espeak_voice(language), text, at);
    REQUIRE(clause.has_value());
    REQUIRE(clause->end_bytes > at);
    for (const TextRange& word : words_of(*clause, text).words) {
      out += text.substr(word.begin_bytes, word.end_bytes - word.begin_bytes) + "|";
    }
    at = clause->end_bytes;
  }
  return out;
}

}  // namespace

TEST_CASE("words are spelt as in the text") {
  CHECK(words("en-us", "Dr. Smith paid $100, or 3.5%, at 10:30 a.m. today") ==
        "Dr.|Smith|paid|$100|or|3.5%|at|10:30|a.m.|today|");
  CHECK(words("en-us", "He said: \"well-known\" (café)!") == "He|said|well-known|café|");
  CHECK(words("fr", "L’été, c’était « génial » ! 25 €.") == "L’été|c’était|génial|25|€|");
  CHECK(words("ru", "Привет, мир!") == "Привет|мир|");
  CHECK(words("ar", "مرحبا بالعالم، كيف حالك؟") == "مرحبا|بالعالم|كيف|حالك|");
}

TEST_CASE("words that espeak-ng says as one are told apart") {
  CHECK(words("en-us", "one of the people in the house") == "one|of|the|people|in|the|house|");
  const std::string text = "in the house";
  const auto clause = test_engine().translate(*find_espeak_voice("en-us"), text, 0);
  const ClauseWords found = words_of(*clause, text);
  std::string ipa;
  for (std::size_t i = 0; i < clause->phones.size(); ++i) {
    if (found.word_of_phone[i] == 1) ipa += clause->phones[i].ipa;
  }
  CHECK(ipa == "ðə");
}

TEST_CASE("dashes and quotes are no words, spoken symbols are") {
  CHECK(words("en-us", "four - five -- six — 'seven'") == "four|five|six|seven|");
  CHECK(words("en-us", "-5 * .5 & 🙂 yes") == "-5|*|.5|&|🙂|yes|");
  CHECK(words("en-us", "5th—avenue and/or") == "5th|avenue|and/or|");
}

TEST_CASE("scripts without blanks are split at espeak-ng's words") {
  CHECK(words("cmn", "我有100块钱。Hello吗？") == "我|有|100|块|钱|Hello|吗|");
  CHECK(words("ja", "こんにちは、テスト") == "こんにちは|テスト|");
}

TEST_CASE("clauses follow one another without a gap, whatever the punctuation") {
  for (const std::string text : {"你好，世界。好吗？", "A.  B!\n\nC; d...   e", "« a » ! b",
                                 "¿Qué? ¡Ay!", "x…y", "a,", "一。"}) {
    INFO(text);
    std::string terminators;
    for (std::uint32_t at = 0; at < text.size();) {
      const auto clause = test_engine().translate(*find_espeak_voice("cmn"), text, at);
      CHECK(clause->begin_bytes == at);
      CHECK((clause->end_bytes == text.size() ||
             (static_cast<unsigned char>(text[clause->end_bytes]) & 0xC0) != 0x80));
      REQUIRE(clause->end_bytes > at);
      at = clause->end_bytes;
    }
  }
  const std::string chinese = "你好，世界。";
  const auto first = test_engine().translate(*find_espeak_voice("cmn"), chinese, 0);
  CHECK(first->end_bytes == std::string("你好，").size());
  CHECK(first->terminator == ',');
  const auto second = test_engine().translate(*find_espeak_voice("cmn"), chinese, first->end_bytes);
  CHECK(second->end_bytes == chinese.size());
  CHECK(second->terminator == '.');
  CHECK(second->ends_sentence);
}
