// The light of the stage: a large soft key light from the upper front, a weak
// fill from the other side and a cool sky behind, as a sum of spherical
// Gaussians. Irradiance and reflections follow in closed form, so they need no
// picture files and are the same on every machine.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/stage/vector_math.h"

namespace vivavox {

/// Radiance colour · exp(sharpness · (cos angle − 1)) around `axis`.
struct LightLobe {
  float3 axis;
  float3 color;
  float sharpness;
};

std::span<const LightLobe> light_lobes();

/// Towards the key light: of its lobe and of the directional light that casts
/// the shadows.
float3 key_light_axis();

/// Radiance as real spherical harmonics of 3 bands, in Filament's order
/// (IndirectLight::Builder::radiance).
std::array<float3, 9> radiance_harmonics();

/// One level of the cube map of reflections: six faces (+X −X +Y −Y +Z −Z) of
/// side² texels each, blurred as a GGX surface of that perceptual roughness
/// mirrors them.
std::vector<float3> reflections(int side, float roughness);

}  // namespace vivavox
