// What `vivavox phonemize` prints, against the Timelines of the same texts: no sound may be
// missing.
// `[all]` prints the number for each language.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <map>

#include "engine/speech/espeak_test_engine.h"
#include "engine/speech/input_text.h"
#include "engine/speech/piper_sentence.h"
#include "engine/text/nfd.h"
#include "tests/lips/lip_sentences.h"

using namespace vivavox;

namespace {

struct Words {
  std::string_view language;
  std::string_view text;
};

/// Of the voices that know no numbers: Cherokee, Chuvash and Sindarin.
constexpr std::array<Words, 5> words{{
    {"chr-us-qaaa-x-west", "ᎣᏏᏲ."},
    {"cv", "Ырӑ кун пултӑр!"},
    {"cv", "Эпӗ чӑвашла калаҫатӑп."},
    {"sjn", "Mae govannen, mellon."},
    {"sjn", "Pedo a minno!"},
}};

/// Every other voice says numbers in words of its own language.
constexpr std::array<std::string_view, 5> numbers{
    "0 1 2 3 4 5 6 7 8 9 10 11 12.",
    "13, 14, 15, 16, 17, 18 - 19!",
    "20 30 40 50 60 70 80 90: 21, 34, 56, 78?",
    "1984; 365, 1066, 2026.",
    "3.5 + 0,25 = 100; 1000 & 1000000 %",
};

/// The letters of sounds that `phonemize` prints, without stress, blanks and punctuation.
std::u32string phonemized(const LipSentence& sentence) {
  const PiperConfig config{.espeak_voice = find_voice(sentence.voice).value()};
  const std::string readable = without_controls(sentence.text);
  std::u32string letters;
  for (std::uint32_t at = 0;;) {
    const auto found = next_sentence(test_engine(), config, readable, at).value();
    if (!found) return letters;
    at = found->end_bytes;
    for (const PiperSymbol& symbol : found->symbols) {
      const bool stress = symbol.value == U'ˈ' || symbol.value == U'ˌ';
      if (symbol.phone >= 0 && !stress) letters += symbol.value;
    }
  }
}

std::u32string timed(const LipSentence& sentence) {
  std::string ipa;
  for (const Phone& phone : speak(sentence).timeline.phones) ipa += phone.ipa;
  return to_nfd(code_points(ipa));
}

/// How many letters of `wanted` are not in `found`, in that order.
std::size_t missing(std::u32string_view wanted, std::u32string_view found) {
  std::vector<std::size_t> common(found.size() + 1, 0);
  for (const char32_t letter : wanted) {
    std::size_t diagonal = 0;
    for (std::size_t i = 1; i < common.size(); ++i) {
      const std::size_t above = common[i];
      common[i] = letter == found[i - 1] ? diagonal + 1 : std::max(common[i], common[i - 1]);
      diagonal = above;
    }
  }
  return wanted.size() - common.back();
}

/// Some sentences of every language, more of those that have sentences.
std::vector<LipSentence> sentences() {
  std::vector<LipSentence> all = lip_sentences();
  const auto add = [&](std::string_view language, std::string_view text) {
    all.push_back({.voice = "espeak:" + std::string(language), .text = std::string(text)});
  };
  for (const Words& entry : words) add(entry.language, entry.text);
  for (const EspeakVoice& voice : espeak_voices()) {
    if (std::ranges::contains(words, voice.language, &Words::language)) continue;
    for (const std::string_view text : numbers) add(voice.language, text);
  }
  return all;
}

struct Count {
  std::size_t sentences = 0;
  std::size_t letters = 0;
  std::size_t missing = 0;
};

Count count(const std::vector<LipSentence>& sentences, bool tells) {
  std::map<std::string, Count> by_voice;
  Count total;
  for (const LipSentence& sentence : sentences) {
    const std::u32string wanted = phonemized(sentence);
    const std::size_t lost = missing(wanted, timed(sentence));
    CAPTURE(sentence.voice, sentence.text);
    CHECK_FALSE(wanted.empty());
    CHECK(lost == 0);
    for (Count* sum : {&by_voice[sentence.voice], &total}) {
      ++sum->sentences;
      sum->letters += wanted.size();
      sum->missing += lost;
    }
  }
  for (const auto& [voice, sum] : by_voice) {
    if (tells) {
      std::printf("%-28s %3zu sentences %6zu letters %4zu missing\n", voice.c_str(), sum.sentences,
                  sum.letters, sum.missing);
    }
  }
  return total;
}

}  // namespace

TEST_CASE("letters that are missing are counted") {
  CHECK(missing(U"abc", U"abc") == 0);
  CHECK(missing(U"abc", U"xaxcx") == 1);
  CHECK(missing(U"abc", U"cba") == 2);
  CHECK(missing(U"abc", U"") == 3);
}

TEST_CASE("no sound that phonemize prints is missing from a Timeline") {
  const auto all = sentences();
  std::vector<LipSentence> some;
  for (std::size_t i = 0; i < all.size(); i += 7) some.push_back(all[i]);
  CHECK(count(some, false).missing == 0);
}

TEST_CASE("no sound is missing from the Timelines of over 1,000 sentences in all languages",
          "[.all]") {
  const Count total = count(sentences(), true);
  std::printf("%zu sentences, %zu letters, %zu missing\n", total.sentences, total.letters,
              total.missing);
  CHECK(total.sentences >= 1000);
  CHECK(total.missing == 0);
}
