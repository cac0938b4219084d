// A sentence as a Piper voice reads it: symbols, and the phones and words that
// they stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/speech/espeak_engine.h"
#include "engine/speech/piper_config.h"
#include "engine/speech/words.h"

namespace vivavox {

/// One code point that the voice has an id for, or may have.
struct PiperSymbol {
  char32_t value = 0;
  std::int32_t phone = -1;  ///< index into PiperSentence::phones; −1: blanks and punctuation
};

struct PiperPhone {
  std::string ipa;
  Stress stress = Stress::none;
  std::int32_t word = -1;
};

struct PiperSentence {
  std::vector<PiperSymbol> symbols;
  std::vector<PiperPhone> phones;
  std::vector<TextRange> words;
  std::uint32_t end_bytes = 0;  ///< where the next sentence begins

  std::u32string symbol_values() const;
};

/// Reads the sentence that begins at an offset of a text without controls:
/// espeak-ng's clauses up to the end of a sentence, each followed by its
/// punctuation. A sentence without end is cut between clauses. Nothing after
/// the last. Errors: those of EspeakEngine::translate.
Result<std::optional<PiperSentence>> next_sentence(EspeakEngine& engine, const PiperConfig& config,
                                                   const std::string& text,
                                                   std::uint32_t begin_bytes);

}  // namespace vivavox
