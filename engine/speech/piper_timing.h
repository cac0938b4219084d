// When each symbol of a Piper voice sounds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/speech/piper_config.h"
#include "engine/speech/piper_sentence.h"

namespace vivavox {

/// Lengths of a sentence's symbols in samples, with the silence around them.
struct SymbolLengths {
  std::int64_t begin_samples = 0;
  std::vector<std::int64_t> symbols_samples;
  std::int64_t end_samples = 0;
};

/// From the model's own durations, one for each id, in frames. Nothing if they
/// are not whole frames that add up to the samples.
std::optional<SymbolLengths> lengths_from_frames(const PiperConfig& config, const PhonemeIds& ids,
                                                 std::size_t symbol_count,
                                                 std::span<const float> frames,
                                                 std::int64_t total_samples);

/// From the kinds of the symbols alone, between the first and the last sample
/// that is heard. Proportions after Klatt's segment durations (Klatt 1979,
/// "Synthesis by rule of segmental durations in English sentences").
SymbolLengths estimated_lengths(const PiperSentence& sentence, std::span<const float> samples);

}  // namespace vivavox
