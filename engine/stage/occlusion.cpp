#include "engine/stage/occlusion.h"

#include <algorithm>
#include <limits>

namespace vivavox {

namespace {

/// A head with neck and shoulders.
constexpr Region bust{.centre = {0, -0.2F, 0}, .radius = 1.3F};
constexpr int bust_directions = 44, bust_px = 150;
// Around a mouth or an eye alone, with finer pixels.
constexpr int detail_directions = 22, detail_px = 90;
constexpr float detail_margin = 0.06F;

/// What holds light off wholly, and not only from the skin that it lies on.
bool holds_light_off(const AvatarMaterial& material) {
  return material.alpha_mode == AlphaMode::opaque && material.surface != Surface::lash &&
         material.surface != Surface::brow;
}

/// A part's vertices where the pose has them.
class PosedPart {
 public:
  PosedPart(const AvatarPart& part, std::span<const mat4f> nodes, const mat4f& placement,
            std::span<const float> weights)
      : part_(part), moved_(part.positions) {
    for (const Bone& bone : part.bones) {
      bones_.push_back(placement * nodes[bone.node] * bone.inverse_bind);
    }
    for (const MorphTarget& target : part.targets) {
      const float weight = weights[target.target];
      if (weight == 0) continue;
      for (std::size_t i = 0; i < target.vertices.size(); ++i) {
        moved_[target.vertices[i]] += weight * target.positions[i];
      }
    }
  }

  float3 position(std::size_t vertex) const { return carried(vertex, float4(moved_[vertex], 1)); }
  float3 normal(std::size_t vertex) const {
    const float3 normal = carried(vertex, float4(part_.normals[vertex], 0));
    const float size = length(normal);
    return size > 0 ? normal / size : float3(0, 0, 1);
  }

 private:
  float3 carried(std::size_t vertex, float4 what) const {
    float3 sum(0.0F);
    for (std::size_t k = 0; k < 4; ++k) {
      const float weight = part_.weights[vertex][k];
      if (weight > 0) sum += weight * (bones_[part_.joints[vertex][k]] * what).xyz;
    }
    return sum;
  }

  const AvatarPart& part_;
  std::vector<float3> moved_;
  std::vector<mat4f> bones_;
};

/// The parts one after the other, of these looks, in this pose.
Solid solid_of(const Avatar& avatar, const Rig& rig, const mat4f& placement,
               const Appearance& appearance, const FacePose& pose) {
  std::vector<float> weights = rig.target_weights(pose.weights);
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] += appearance.shape[i];
  const std::vector<mat4f> nodes = world_transforms(avatar, rig.local_transforms(avatar, pose));
  Solid solid;
  std::size_t first = 0;
  for (std::size_t k = 0; k < avatar.parts.size(); ++k) {
    const AvatarPart& part = avatar.parts[k];
    const std::size_t end = first + part.positions.size();
    solid.positions.resize(end);
    solid.normals.resize(end);
    const PosedPart posed(part, nodes, placement, weights);
    for (std::size_t i = first; i < end && !appearance.is_hidden[k]; ++i) {
      solid.positions[i] = posed.position(i - first);
      solid.normals[i] = posed.normal(i - first);
      solid.receivers.push_back(static_cast<std::uint32_t>(i));
    }
    if (!appearance.is_hidden[k] && holds_light_off(avatar.materials[part.material])) {
      for (const std::uint32_t index : part.indices)
        solid.indices.push_back(static_cast<std::uint32_t>(first) + index);
    }
    first = end;
  }
  return solid;
}

/// Around what moves from one to the other by a tenth of the most and more; nothing moves: none.
std::optional<Region> region_between(const Solid& rest, const Solid& moved) {
  float most = 0;
  for (std::size_t i = 0; i < rest.positions.size(); ++i) {
    most = std::max(most, distance(rest.positions[i], moved.positions[i]));
  }
  constexpr float least_movement = 0.01F;
  if (most < least_movement) return std::nullopt;
  float3 low(std::numeric_limits<float>::max()), high(std::numeric_limits<float>::lowest());
  for (std::size_t i = 0; i < rest.positions.size(); ++i) {
    if (distance(rest.positions[i], moved.positions[i]) < most * 0.1F) continue;
    low = min(low, rest.positions[i]);
    high = max(high, rest.positions[i]);
  }
  return Region{(low + high) / 2, length(high - low) / 2 + detail_margin};
}

FacePose pose_of(Opening opening) {
  constexpr std::array shapes{BlendShape::jawOpen, BlendShape::eyeBlinkLeft,
                              BlendShape::eyeBlinkRight};
  FacePose pose;
  const auto which = static_cast<std::size_t>(opening) - 1;
  pose.weights[shapes[which]] = 1;
  return pose;
}

std::uint8_t byte_of(float share) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(share, 0.0F, 1.0F) * 255));
}

/// How open the most hidden place counts: some light gets everywhere, thrown on from one side to
/// the other, through flesh and into what a vertex is sunk in. A mouth is never black.
float least_open(Surface surface) {
  if (surface == Surface::teeth) return 0.65F;
  return is_in_mouth(surface) ? 0.5F : 0.3F;
}

}  // namespace

Occlusion::Occlusion(const Avatar& avatar, const Rig& rig, const mat4f& placement,
                     const Appearance& appearance) {
  for (const AvatarPart& part : avatar.parts)
    least_.resize(least_.size() + part.positions.size(),
                  least_open(avatar.materials[part.material].surface));
  const auto solid = [&](const FacePose& pose) {
    return std::make_shared<const Solid>(solid_of(avatar, rig, placement, appearance, pose));
  };
  const auto rest = solid({});
  sights_[0] = std::make_unique<Openness>(rest, bust, bust_directions, bust_px);
  for (std::size_t k = 1; k < std::size_t(Opening::count); ++k) {
    const auto moved = solid(pose_of(static_cast<Opening>(k)));
    const auto region = region_between(*rest, *moved);
    if (!region) continue;
    const auto sight = [&](const std::shared_ptr<const Solid>& of) {
      return std::make_unique<Openness>(of, *region, detail_directions, detail_px);
    };
    sights_[2 * k - 1] = sight(rest);
    sights_[2 * k] = sight(moved);
  }
}

bool Occlusion::look(int directions) {
  while (looked_ < sights_.size()) {
    Openness* sight = sights_[looked_].get();
    if (sight && directions-- <= 0) return true;
    if (!sight || !sight->look()) ++looked_;
  }
  return false;
}

std::vector<VertexOpenness> Occlusion::result() const {
  const std::vector<float> at_rest = sights_[0]->shares();
  std::vector<VertexOpenness> open(at_rest.size());
  for (std::size_t k = 0; k < std::size_t(Opening::count); ++k) {
    std::vector<float> shares = at_rest;
    if (k > 0 && sights_[2 * k]) {
      // What the detail shows of the change, beside what is all around.
      const std::vector<float> before = sights_[2 * k - 1]->shares(),
                               after = sights_[2 * k]->shares();
      for (std::size_t i = 0; i < shares.size(); ++i) shares[i] += after[i] - before[i];
    }
    for (std::size_t i = 0; i < shares.size(); ++i)
      open[i][k] = byte_of(least_[i] + (1 - least_[i]) * shares[i]);
  }
  return open;
}

float3 openings_of(const BlendWeights& weights) {
  // Lips that are held shut let no light in.
  const float jaw = weights[BlendShape::jawOpen] - weights[BlendShape::mouthClose];
  const float3 openings(jaw, weights[BlendShape::eyeBlinkLeft], weights[BlendShape::eyeBlinkRight]);
  return clamp(openings, float3(0.0F), float3(1.0F));
}

}  // namespace vivavox
