// A reading's phones and words at the times of a recording.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/align/chain.h"

namespace vivavox {

struct Placement {
  Timeline timeline;  ///< of the recording's rate and length; a word that is said twice has
                      ///< its phones twice and the times of the first
  std::vector<std::int32_t> left_out;  ///< words that are not said, in order; they take no time
  std::vector<std::int32_t> repeated;  ///< words that are said again, in order
};

/// Frames of a recording: at its rate, from the one with this number on.
struct FrameClock {
  std::int32_t sample_rate_hz;
  std::int64_t first_frame;

  /// From the first one's start to that of a later one.
  std::int64_t samples_until(std::size_t frame) const;
};

/// `path`: the state of each frame.
Placement placed(const Timeline& reading, const Chain& chain, std::span<const std::int32_t> path,
                 FrameClock clock, std::int64_t length_samples);

}  // namespace vivavox
