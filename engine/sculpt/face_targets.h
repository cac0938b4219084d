// Shapes for heads that have none: their meshes deformed around lips and lids that are found.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/face/blend_shapes.h"
#include "engine/stage/rig.h"

namespace vivavox {

/// How a shape moves a part of an avatar, in the part's own coordinates.
struct FaceTarget {
  std::size_t part = 0;
  BlendShape shape{};
  std::vector<std::uint32_t> vertices;  ///< ascending
  std::vector<float3> positions;        ///< one for each: how far it goes
};

struct FaceTargets {
  std::vector<FaceTarget> targets;
  std::vector<std::string> notes;  ///< what was found, and what was not and why
};

/// Makes those shapes of mouth and lids that the rig misses, where the mesh shows lips and lids
/// for sure; the avatar looks along +Z.
FaceTargets make_face_targets(const Avatar& avatar, const Rig& rig);

}  // namespace vivavox
