// The mouth's movements where they were heard.
#pragma once

#include "engine/face/coarticulation.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// Curves through a Timeline's moments of the mouth that are not before `from_s`. Beside them, and
/// where they are far apart, the mouth is at rest.
MouthTracks heard_tracks(const Timeline& timeline, double from_s);

/// Whether the mouth was heard around a time.
bool is_heard(const Timeline& timeline, double time_s);

}  // namespace vivavox
