// The sentences of tests/data/lip_sentences.json, spoken.
#pragma once

#include <string>
#include <vector>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// Constants are chosen on `tuning`; what is published is of `reporting`.
enum class SentenceHalf : std::uint8_t { tuning, reporting };

struct LipSentence {
  std::string voice;
  std::string text;
  SentenceHalf half = SentenceHalf::tuning;
};

/// All 500, in 20 languages.
std::vector<LipSentence> lip_sentences();

struct SpokenSentence {
  Timeline timeline;
  std::vector<float> samples;  ///< at the Timeline's rate
};

/// As espeak-ng says it; throws where it does not.
SpokenSentence speak(const LipSentence& sentence);

}  // namespace vivavox
