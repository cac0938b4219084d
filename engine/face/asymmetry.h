// Nobody's two corners of the mouth move alike.
#pragma once

#include <cstdint>

#include "engine/face/blend_shapes.h"

namespace vivavox {

/// Draws the corners of the mouth apart, each seed in its own way, a little differently as time
/// goes by. Only what parts or spreads the lips is touched, so that what is closed stays closed.
void make_uneven(BlendWeights& weights, std::uint32_t seed, double idle_s);

}  // namespace vivavox
