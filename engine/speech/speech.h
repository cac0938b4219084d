// Speaking a text: what every kind of voice takes and gives.
#pragma once

#include <vector>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// One clause (espeak-ng) or sentence (Piper) of a text, spoken.
struct SpeechClause {
  Timeline timeline;           ///< the whole text; times from the clause's start
  std::vector<float> samples;  ///< mono, −1…1, timeline.length_samples of them
};

}  // namespace vivavox
