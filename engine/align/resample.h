// Sound at another sample rate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vivavox {

/// Mono samples at `to_hz`, band-limited to the lower of both rates: each is a
/// sum over a Kaiser-windowed sinc (Smith, "Digital Audio Resampling", 2002).
/// round(length · to_hz ÷ from_hz) samples; rates are above 0.
std::vector<float> resampled(std::span<const float> samples, std::int32_t from_hz,
                             std::int32_t to_hz);

}  // namespace vivavox
