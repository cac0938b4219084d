#include "engine/stage/environment.h"

#include <cmath>
#include <numbers>

namespace vivavox {

namespace {

constexpr float pi = std::numbers::pi_v<float>;

/// The lobe's integral over the sphere, without its colour.
float integral(float sharpness) {
  return 2 * pi * (1 - std::exp(-2 * sharpness)) / sharpness;
}

/// What a GGX surface mirrors, as a lobe around the mirrored direction: Wang et
/// al., "All-Frequency Rendering of Dynamic, Spatially-Varying Reflectance",
/// 2009, section 4.
float mirror_sharpness(float roughness) {
  const float alpha = std::max(roughness * roughness, 1e-3F);
  return 1 / (2 * alpha * alpha);
}

/// The direction through the middle of a cube map's texel (OpenGL's order).
float3 texel_direction(int face, int x, int y, int side) {
  const float u = 2 * (static_cast<float>(x) + 0.5F) / static_cast<float>(side) - 1;
  const float v = 2 * (static_cast<float>(y) + 0.5F) / static_cast<float>(side) - 1;
  switch (face) {
    case 0:
      return normalize(float3(1, -v, -u));
    case 1:
      return normalize(float3(-1, -v, u));
    case 2:
      return normalize(float3(u, 1, v));
    case 3:
      return normalize(float3(u, -1, -v));
    case 4:
      return normalize(float3(u, -v, 1));
    default:
      return normalize(float3(-u, -v, -1));
  }
}

}  // namespace

std::array<float3, 9> radiance_harmonics(std::span<const LightLobe> lobes) {
  std::array<float3, 9> harmonics{};
  for (const LightLobe& lobe : lobes) {
    const float k = lobe.sharpness;
    const auto [x, y, z] = std::array{lobe.axis.x, lobe.axis.y, lobe.axis.z};
    // Moments of the Legendre polynomials over the normalised lobe.
    const float band1 = 1 / std::tanh(k) - 1 / k;
    const float band2 = 1 - 3 * band1 / k;
    const std::array basis{
        0.282095F,
        -0.488603F * y * band1,
        0.488603F * z * band1,
        -0.488603F * x * band1,
        1.092548F * x * y * band2,
        -1.092548F * y * z * band2,
        0.315392F * (3 * z * z - 1) * band2,
        -1.092548F * z * x * band2,
        0.546274F * (x * x - y * y) * band2,
    };
    for (std::size_t i = 0; i < basis.size(); ++i)
      harmonics[i] += lobe.color * (integral(k) * basis[i]);
  }
  return harmonics;
}

std::vector<float3> reflections(std::span<const LightLobe> lobes, int side, float roughness) {
  const float blur = mirror_sharpness(roughness);
  std::vector<LightLobe> blurred(lobes.begin(), lobes.end());
  for (LightLobe& lobe : blurred) {
    const float k = lobe.sharpness * blur / (lobe.sharpness + blur);
    lobe.color *= integral(lobe.sharpness) / integral(k);
    lobe.sharpness = k;
  }
  std::vector<float3> texels;
  for (int face = 0; face < 6; ++face) {
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const float3 direction = texel_direction(face, x, y, side);
        float3 color(0.0F);
        for (const LightLobe& lobe : blurred) {
          color += lobe.color * std::exp(lobe.sharpness * (dot(direction, lobe.axis) - 1));
        }
        texels.push_back(color);
      }
    }
  }
  return texels;
}

}  // namespace vivavox
