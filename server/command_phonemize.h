// `vivavox phonemize`: the phonemes that a text is spoken with.
#pragma once

#include <string>

#include "engine/speech/piper_sentence.h"

namespace vivavox {

/// A line's phonemes as one line of JSON: {"text", "phonemes", "phoneme_ids"},
/// the last only for a voice with ids. Sentences follow one another. Symbols
/// that the voice has no id for are added to `unknown`.
/// Errors: invalid_text, and those of the engine.
Result<std::string> phonemize(EspeakEngine& engine, const PiperConfig& config,
                              const std::string& line, std::u32string& unknown);

}  // namespace vivavox
