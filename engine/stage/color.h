// Colours as people write them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/stage/vector_math.h"

namespace vivavox {

/// An sRGB colour.
using Color = std::array<std::uint8_t, 3>;

/// "#rrggbb" or "rrggbb". Errors: invalid_argument.
Result<Color> color_from_hex(std::string_view hex);

/// "#rrggbb" of this light, as far as a screen shows it. Source: IEC 61966-2-1.
std::string hex(float3 linear);

/// Its light, 0…1. Source: IEC 61966-2-1.
float3 linear(const Color& color);

}  // namespace vivavox
