// A Performance sampled at a frame rate.
#pragma once

#include <string>

#include "engine/error.h"
#include "engine/face/performance.h"

namespace vivavox {

/// How many frames a Performance has from 0 up to its end.
/// Errors: invalid_argument if fps is not within 1…240, or if that makes more
/// than 200 000 frames.
Result<int> curve_frames(const Performance& performance, int fps);

/// {"fps":30,"names":["eyeBlinkLeft",…],"frames":[[0.0000,…],…]}: the 52 weights
/// with four decimals, at 0, 1/fps, 2/fps … up to the end of the Timeline.
/// The same bytes on every platform.
/// Errors: those of curve_frames.
Result<std::string> curves_json(const Performance& performance, int fps);

/// A table with the columns of Epic's Live Link Face, which Unreal and add-ons of Blender and
/// Unity read: Timecode (hours:minutes:seconds:frame.fraction), BlendShapeCount (61), the 52
/// weights, and yaw, pitch and roll of the head and of both eyes in radians.
/// Errors: those of curve_frames.
Result<std::string> curves_csv(const Performance& performance, int fps);

}  // namespace vivavox
