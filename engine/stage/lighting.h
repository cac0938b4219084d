// How the stage is lit: the table of kinds of light, for the browser, the tool and the service.
#pragma once

#include <span>
#include <string_view>

#include "engine/error.h"
#include "engine/stage/vector_math.h"

namespace vivavox {

/// Radiance colour · exp(sharpness · (cos angle − 1)) around `axis`.
struct LightLobe {
  float3 axis;
  float3 color;
  float sharpness;
};

/// One kind: a key light, which casts the shadows, and what comes from all around.
struct Lighting {
  std::string_view name;
  float3 key_axis;   ///< towards the key light
  float3 key_color;  ///< linear: what a white surface that faces it shows; 0: no key light
  std::span<const LightLobe> lobes;
};

/// The first where nobody asks for another.
///  - portrait: a studio's large key light from the upper front, fill, and strips behind
///  - soft: a large light in front, hardly a shadow
///  - window: cool daylight from one side, a warm room on the other
///  - dramatic: a small light from the side, little fill, strong strips behind
///  - flat: the same from everywhere, without shadows
std::span<const Lighting> lightings();

/// Errors: invalid_argument, where there is none of that name.
Result<Lighting> lighting_named(std::string_view name);

}  // namespace vivavox
