// A mouth's movements from sound alone.
#pragma once

#include "engine/error.h"
#include "engine/media/wav.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// The longest recording that loudness_timeline() takes.
inline constexpr double longest_followed_s = 600;

/// Errors: invalid_audio (empty, or longer than that).
Result<void> check_followed(const Recording& recording);

/// A Timeline for a recording of which nobody knows the words. Each peak of
/// loudness is taken for a syllable: a consonant by how bright its beginning is,
/// and the vowel whose two formants are nearest to where the power lies. This
/// moves a mouth plausibly; it recognises no speech. The Timeline has no words
/// and its timing is estimated. Errors: those of check_followed().
Result<Timeline> loudness_timeline(const Recording& recording);

}  // namespace vivavox
