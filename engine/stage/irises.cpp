#include "engine/stage/irises.h"

#include <array>

namespace vivavox {

namespace {

constexpr float cos_rim = 0.875F, sin_rim = 0.484F;

/// Sums over the cap of an eyeball that the iris covers: its texture coordinates and places over
/// its normals, whose x and y have no part in common there.
struct Cap {
  float count = 0;
  float2 normal{0, 0}, normals{0, 0};
  float2 uv{0, 0}, uvs{0, 0};
  std::array<float2, 2> uv_by_normal{};
  float x = 0, x_by_normal = 0;

  void add(float3 n, float2 texture, float place) {
    ++count;
    normal += n.xy;
    normals += n.xy * n.xy;
    uv += texture;
    uvs += texture * texture;
    uv_by_normal[0] += texture * n.x;
    uv_by_normal[1] += texture * n.y;
    x += place;
    x_by_normal += place * n.x;
  }

  /// What of the texture the iris covers, and how deep it lies; nothing of a texture that is laid
  /// otherwise than as one sees an eye.
  Irises found() const {
    constexpr float fewest = 8, most_unlike = 0.05F;
    if (count < fewest) return {};
    const float2 spread = normals / count - normal * normal / (count * count);
    const auto slope = [&](std::size_t axis) {
      return (uv_by_normal[axis] / count - uv * normal[axis] / (count * count)) / spread[axis];
    };
    const float2 by_x = slope(0), by_y = slope(1);
    const float2 all = uvs / count - uv * uv / (count * count);
    const float2 alike = by_x * by_x * spread.x + by_y * by_y * spread.y;
    if (!(all.x + all.y - alike.x - alike.y < most_unlike * (all.x + all.y))) return {};
    const float2 middle = (uv - by_x * normal.x - by_y * normal.y) / count;
    const float ball = (x_by_normal / count - x * normal.x / (count * count)) / spread.x;
    return {.pupils = {middle, middle},
            .radius = sin_rim * std::sqrt((dot(by_x, by_x) + dot(by_y, by_y)) / 2),
            .depth = std::max(ball, 0.0F) * (1 - cos_rim)};
  }
};

}  // namespace

Irises find_irises(const Avatar& avatar, std::size_t material, std::span<const mat4f> world,
                   const mat4f& placement) {
  std::array<Cap, 2> caps;
  for (const AvatarPart& part : avatar.parts) {
    if (part.material != material) continue;
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      const Bone& bone = part.bones[part.joints[i][0]];
      const mat4f place = placement * world[bone.node] * bone.inverse_bind;
      const float3 n = normalize((place * float4(part.normals[i], 0)).xyz);
      const float x = transformed(place, part.positions[i]).x;
      if (n.z > cos_rim) caps[x > 0 ? 1 : 0].add(n, part.uvs[i], x);
    }
  }
  const Irises right = caps[0].found(), left = caps[1].found();
  if (right.depth == 0) return left;
  if (left.depth == 0) return right;
  return {.pupils = {right.pupils.xy, left.pupils.xy},
          .radius = (right.radius + left.radius) / 2,
          .depth = (right.depth + left.depth) / 2};
}

}  // namespace vivavox
