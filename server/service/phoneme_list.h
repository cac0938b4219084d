// Phonemes as clients send them.
#pragma once

#include <boost/json.hpp>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// The Timeline of phonemes given as names (ARPABET or IPA), which are spread
/// over `duration_s` (0: as long as they naturally take), or as objects with
/// "phoneme", "start" and "end" in seconds; its times count at `sample_rate_hz`.
/// Errors: invalid_argument (no names, times that overlap or run backwards).
Result<Timeline> timeline_of_phonemes(const boost::json::array& phonemes, double duration_s,
                                      std::int32_t sample_rate_hz);

}  // namespace vivavox
