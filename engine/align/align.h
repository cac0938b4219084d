// When the words of a text are said in a recording of it.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/align/sound_levels.h"
#include "engine/error.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

struct Alignment {
  Timeline timeline;  ///< at the recording's rate and of its length
  /// How likely the text is the one that is said: 0.5…1.
  double confidence = 0;
  /// Indices of words that are not said, in order. They take no time.
  std::vector<std::int32_t> left_out;
  /// Indices of words that are said again, in order. Their times are those of the first.
  std::vector<std::int32_t> repeated;
};

/// Finds a text in a recording of it by hidden Markov models (Rabiner, "A tutorial on
/// hidden Markov models and selected applications in speech recognition", 1989): the
/// phones of a synthesised reading in turn, with pauses, clicks, music and breath between
/// the words, sounding as in the reading and as people say them, adapted to the recording.
/// Errors: invalid_audio (silence, empty, or longer than longest_aligned_s);
/// text_mismatch, which names the stretch, where the text is not what is said.
/// Takes the levels over, for of hours they are the most of the memory that it needs.
Result<Alignment> align(const Timeline& reading, SoundLevels read, SoundLevels said);

}  // namespace vivavox
