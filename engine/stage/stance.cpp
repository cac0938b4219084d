#include "engine/stage/stance.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/stage/held.h"
#include "engine/stage/target_names.h"

namespace vivavox {

namespace {

/// How far from straight down an arm may be that hangs: about 25°.
constexpr float hanging_cosine = 0.9F;

struct Arm {
  std::string_view bone;  ///< VRM's name of the upper arm
  std::array<std::string_view, 6> endings;
  float3 hanging;  ///< its direction then, in a model that looks along +Z
};

// Beside the hips, not in them.
constexpr float aside = 0.16F, ahead = 0.06F;
const std::array arms{
    Arm{"leftUpperArm",
        {"leftarm", "leftupperarm", "lupperarm", "upperarml", "upperarm01l", "upperarmleft"},
        {aside, -1, ahead}},
    Arm{"rightUpperArm",
        {"rightarm", "rightupperarm", "rupperarm", "upperarmr", "upperarm01r", "upperarmright"},
        {-aside, -1, ahead}}};

std::optional<std::size_t> find(const Avatar& avatar, const Arm& arm) {
  const auto declared = avatar.humanoid.find(arm.bone);
  if (declared != avatar.humanoid.end()) return declared->second;
  for (const std::string_view ending : arm.endings) {
    for (std::size_t i = 0; i < avatar.nodes.size(); ++i) {
      if (letters_of(avatar.nodes[i].name).ends_with(ending)) return i;
    }
  }
  return std::nullopt;
}

/// From a node to what lies farthest from it below it: of an arm, a finger's end.
float3 reach(const Avatar& avatar, std::span<const mat4f> world, std::size_t node) {
  const std::vector<bool> is_below = nodes_below(avatar, node);
  float3 farthest(0.0F);
  for (std::size_t i = node + 1; i < avatar.nodes.size(); ++i) {
    const float3 way = world[i][3].xyz - world[node][3].xyz;
    if (is_below[i] && length(way) > length(farthest)) farthest = way;
  }
  return farthest;
}

}  // namespace

void lower_arms(Avatar& avatar) {
  const std::vector<mat4f> world = rest_transforms(avatar);
  for (const Arm& arm : arms) {
    const auto node = find(avatar, arm);
    if (!node) continue;
    const float3 way = reach(avatar, world, *node);
    if (length(way) < 1e-6F) continue;
    const float3 direction = normalize(way);
    // Up above the head is a gesture, and what points across the body is no arm of that side.
    const bool is_spread = direction.y > -hanging_cosine && direction.y < hanging_cosine &&
                           direction.x * arm.hanging.x > 0;
    if (!is_spread) continue;
    quatf parent(1, 0, 0, 0);
    for (auto above = avatar.nodes[*node].parent; above; above = avatar.nodes[*above].parent)
      parent = avatar.nodes[*above].rotation * parent;
    quatf& rotation = avatar.nodes[*node].rotation;
    rotation =
        inverse(parent) * turn_between(direction, normalize(arm.hanging)) * parent * rotation;
  }
}

}  // namespace vivavox
