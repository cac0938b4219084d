#include "engine/stage/held.h"

namespace vivavox {

namespace {

bool is_below(const Avatar& avatar, std::size_t node, std::size_t ancestor) {
  for (std::optional<std::size_t> at = node; at; at = avatar.nodes[*at].parent) {
    if (*at == ancestor) return true;
  }
  return false;
}

}  // namespace

float3 vertex_place(const AvatarPart& part, std::span<const mat4f> world, std::size_t vertex) {
  float3 place(0.0F);
  for (std::size_t k = 0; k < 4; ++k) {
    const float weight = part.weights[vertex][k];
    if (weight == 0) continue;
    const Bone& bone = part.bones[part.joints[vertex][k]];
    place += transformed(world[bone.node] * bone.inverse_bind, part.positions[vertex]) * weight;
  }
  return place;
}

float hold_of(const Avatar& avatar, const AvatarPart& part, std::size_t vertex, std::size_t joint) {
  float hold = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const float weight = part.weights[vertex][k];
    if (weight > 0 && is_below(avatar, part.bones[part.joints[vertex][k]].node, joint))
      hold += weight;
  }
  return hold;
}

}  // namespace vivavox
