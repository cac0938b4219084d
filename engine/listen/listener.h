// Sound without its words as a Timeline, as it comes.
#pragma once

#include <span>

#include "engine/error.h"
#include "engine/listen/ear.h"
#include "engine/media/wav.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// Hears a recording, or a stream, piece by piece. The Timelines have no words; their phones are
/// one typical sound of each viseme that was heard, their timing is estimated, and their mouth is
/// the Ear's.
class Listener {
 public:
  /// Of mono sound at 3000 to 384,000 Hz.
  explicit Listener(std::int32_t sample_rate_hz);

  /// The next stretch of what is known by now, which begins where the last one ended. It may be
  /// empty, and ends 45 to 65 ms before the end of the sound.
  Timeline push(std::span<const float> samples);

  /// The rest, to the last sample.
  Timeline finish();

 private:
  Timeline tell(const std::vector<HeardMoment>& moments, std::int64_t until);

  std::int32_t sample_rate_hz_;
  Ear ear_;
  std::int64_t given_ = 0;
  std::int64_t told_ = 0;
};

/// The longest recording that heard_timeline() takes.
inline constexpr double longest_heard_s = 600;

/// A whole recording's Timeline. Errors: invalid_audio (empty, or longer than longest_heard_s).
Result<Timeline> heard_timeline(const Recording& recording);

}  // namespace vivavox
