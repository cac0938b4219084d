// Eyelids that hang on bones.
#pragma once

#include <span>
#include <vector>

#include "engine/face/blend_shapes.h"
#include "engine/stage/avatar.h"
#include "engine/stage/face_joints.h"

namespace vivavox {

/// A bone that carries a lid, or a part of one, and how it closes the eye.
struct Lid {
  std::size_t node = 0;
  BlendShape blink = BlendShape::eyeBlinkLeft;
  float3 centre{0, 0, 0};  ///< of the eye; like `axis` in the coordinates of the node's parent
  float3 axis{1, 0, 0};    ///< to the character's left
  float closed_rad = 0;    ///< about the axis, where the lids meet
};

/// The lids by the names that MetaHuman, MakeHuman's and Blender's rigs, Daz and Second Life give
/// their bones. How far they go is what lies between the lids' edges, about the eye's middle,
/// wherever the bones have theirs. `world`: each node's place at rest.
std::vector<Lid> find_lids(const Avatar& avatar, const FaceJoints& joints,
                           std::span<const mat4f> world);

/// Where the lid is in its parent, `closed` 0…1 of the way from `open` on.
Transform turned_lid(const Lid& lid, float closed, const Transform& open);

}  // namespace vivavox
