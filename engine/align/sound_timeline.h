// A mouth's movements from sound alone.
#pragma once

#include "engine/error.h"
#include "engine/media/wav.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// A Timeline for a recording of which nobody knows the words: the phones that are heard in it, or
/// where too little is said to know how this voice sounds, the syllables by their loudness
/// (loudness_timeline). The Timeline has no words and its timing is estimated.
/// Errors: invalid_audio (empty, or longer than longest_followed_s).
Result<Timeline> sound_timeline(const Recording& recording);

}  // namespace vivavox
