// The words of a text as it is written, and which of them was spoken when.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/speech/espeak_engine.h"

namespace vivavox {

/// A stretch of the text, in bytes.
struct TextRange {
  std::uint32_t begin_bytes = 0;
  std::uint32_t end_bytes = 0;

  bool operator==(const TextRange&) const = default;
};

/// The words of a clause and the word of each of its phones.
struct ClauseWords {
  std::vector<TextRange> words;
  std::vector<std::int32_t> word_of_phone;  ///< index into words; −1: pauses and switches
};

/// The words of a clause by their spelling ("100", "Dr.", "well-known"): split
/// at blanks and dashes, and where a script writes no blanks (Han, kana, Thai
/// …) at espeak-ng's own words. Where espeak-ng says several words in one
/// ("of the"), its phones are shared out by the words' lengths.
ClauseWords words_of(const EspeakClause& clause, std::string_view text);

}  // namespace vivavox
