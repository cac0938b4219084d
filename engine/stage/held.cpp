#include "engine/stage/held.h"

namespace vivavox {

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

std::vector<bool> nodes_below(const Avatar& avatar, std::size_t joint) {
  std::vector<bool> is_below(avatar.nodes.size(), false);
  is_below[joint] = true;
  for (std::size_t i = joint + 1; i < avatar.nodes.size(); ++i) {
    const auto parent = avatar.nodes[i].parent;
    is_below[i] = parent && is_below[*parent];
  }
  return is_below;
}

float hold_of(const AvatarPart& part, std::size_t vertex, const std::vector<bool>& nodes) {
  float hold = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    const float weight = part.weights[vertex][k];
    if (weight > 0 && nodes[part.bones[part.joints[vertex][k]].node]) hold += weight;
  }
  return hold;
}

}  // namespace vivavox
