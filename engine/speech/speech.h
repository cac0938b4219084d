// Speaking a text: what every kind of voice takes and gives.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// How to speak. What is not set is the voice's own.
struct SpeechOptions {
  double rate = 1;                     ///< 0.5…2 times the usual speed
  double pitch = 1;                    ///< 0.5…2 times the usual pitch; espeak-ng only
  std::int32_t speaker = 0;            ///< of a Piper voice with several
  std::optional<double> length_scale;  ///< Piper: slower above 1
  std::optional<double> noise_scale;   ///< Piper: variation of the sound
  std::optional<double> noise_w;       ///< Piper: variation of the durations
};

/// Reads {"rate":1,"pitch":1,"speaker":0,"lengthScale":…,"noiseScale":…,"noiseW":…},
/// all optional; "" is {}. Errors: invalid_argument, naming the member.
Result<SpeechOptions> speech_options_from_json(std::string_view text);

/// One clause (espeak-ng) or sentence (Piper) of a text, spoken.
struct SpeechClause {
  Timeline timeline;           ///< the whole text; times from the clause's start
  std::vector<float> samples;  ///< mono, −1…1, timeline.length_samples of them
};

/// Gives a text's clauses one after the other; nothing after the last. Errors: those
/// of the requests.
using ClauseSource = std::function<Result<std::optional<SpeechClause>>()>;

}  // namespace vivavox
