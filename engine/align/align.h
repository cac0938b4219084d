// When the words of a text are said in a recording of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/align/confidence.h"
#include "engine/align/placement.h"
#include "engine/align/reading_ahead.h"
#include "engine/align/sound_levels.h"
#include "engine/media/wav.h"

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
/// Both come piece by piece. What is longer than some minutes is settled part by part, each by its
/// own statistics, cut in a pause: of the rest only the result is kept. However the sound is cut,
/// the result is the same.
class Aligner {
 public:
  /// For mono sound at that rate.
  Aligner(ClauseSource reading, std::int32_t sample_rate_hz);

  /// The recording goes on. Errors: text_mismatch, which names the stretch, where the text is not
  /// what is said; the reading's. Nothing may be asked after one.
  Result<void> push(std::span<const float> samples);

  /// The recording is over. Errors: those of push(); invalid_audio (silence, empty, or longer than
  /// longest_aligned_s).
  Result<Alignment> finish();

 private:
  Result<void> align_window(std::size_t frames, bool is_last);
  Result<void> leave_rest_out();
  void take(Placement placement);
  Result<void> check_whole() const;
  std::unexpected<Error> mismatch(double from_s, double to_s) const;

  ReadingAhead reading_;
  SoundLevels said_;
  std::int64_t settled_frames_ = 0;
  std::size_t loud_frames_ = 0;
  AdvantageSums advantages_;
  std::optional<Stretch> unlike_;  ///< frames of the recording
  Alignment found_;
};

/// The same of a recording that is known whole.
Result<Alignment> align(ClauseSource reading, const Recording& said);
/// And of a reading that is.
Result<Alignment> align(SpeechClause reading, const Recording& said);

}  // namespace vivavox
