// Idling that comes round: a face that rests, in loops without a seam.
#pragma once

#include "engine/face/performance.h"

namespace vivavox {

/// How long a round is.
inline constexpr double idle_loop_s = 4;

/// The face between two; share 0 is `a`, 1 is `b`. Rotations are small, and mix like weights.
FacePose mixed(const FacePose& a, const FacePose& b, double share);

/// The face at any time of a loop, of which round n begins at n · idle_loop_s with the face that
/// `idle` has at 0. In its last second a round turns into what comes before that, so that
/// neither the face nor its movement jumps.
/// `idle`: a performance of silence.
FacePose looped_pose(const Performance& idle, double t_s);

}  // namespace vivavox
