// A Performance sampled at a frame rate, as JSON.
#pragma once

#include <string>

#include "engine/error.h"
#include "engine/face/performance.h"

namespace vivavox {

/// {"fps":30,"names":["eyeBlinkLeft",…],"frames":[[0.0000,…],…]}: the 52 weights
/// with four decimals, at 0, 1/fps, 2/fps … up to the end of the Timeline.
/// The same bytes on every platform.
/// Errors: invalid_argument if fps is not within 1…240, or if that makes more
/// than 200 000 frames.
Result<std::string> curves_json(const Performance& performance, int fps);

}  // namespace vivavox
