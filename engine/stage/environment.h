// What comes from all around, as the renderer takes it. Light is a sum of spherical Gaussians, of
// which irradiance and reflections follow in closed form, so they need no picture files and are the
// same on every machine.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/stage/lighting.h"

namespace vivavox {

/// Radiance as real spherical harmonics of 3 bands, in Filament's order
/// (IndirectLight::Builder::radiance).
std::array<float3, 9> radiance_harmonics(std::span<const LightLobe> lobes);

/// One level of the cube map of reflections: six faces (+X −X +Y −Y +Z −Z) of
/// side² texels each, blurred as a GGX surface of that perceptual roughness
/// mirrors them.
std::vector<float3> reflections(std::span<const LightLobe> lobes, int side, float roughness);

}  // namespace vivavox
