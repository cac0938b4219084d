// When the words of a text are said in a recording of it.
#pragma once

#include <span>

#include "engine/error.h"
#include "engine/media/wav.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// The longest recording, and reading, that align() takes.
inline constexpr double longest_aligned_s = 600;

/// A Timeline at the recording's rate and of its length.
struct Alignment {
  Timeline timeline;
  /// How much better the two fit along the path than at random: 0…1. Under
  /// about 0.2 the text is hardly the one that is said.
  double agreement = 0;
};

/// Carries the times of a synthesised reading of the text over to a recording:
/// both as mel-frequency cepstra, matched by dynamic time warping (Sakoe and
/// Chiba, "Dynamic programming algorithm optimization for spoken word
/// recognition", 1978) within a band around the diagonal. Silence before and
/// after the speech becomes pauses. `reference_samples` are mono at the
/// reference's rate.
/// Errors: invalid_audio (silence, empty, or longer than longest_aligned_s).
Result<Alignment> align(const Timeline& reference, std::span<const float> reference_samples,
                        const Recording& recording);

}  // namespace vivavox
