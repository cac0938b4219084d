// The nodes of an avatar that a face turns.
#pragma once

#include <optional>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// The nodes that a FacePose turns, where the avatar has them.
struct FaceJoints {
  std::optional<std::size_t> head;
  std::optional<std::size_t> neck;
  std::optional<std::size_t> left_eye;
  std::optional<std::size_t> right_eye;
  std::optional<std::size_t> jaw;
  std::optional<std::size_t> left_shoulder;  ///< the collar bone
  std::optional<std::size_t> right_shoulder;
};

/// The joints that a VRM file declares, else by the names that Ready Player Me, Mixamo, VRM,
/// Character Creator, Unreal and Blender's Rigify give them.
FaceJoints find_joints(const Avatar& avatar);

/// The nodes that carry vertices, and those above them.
std::vector<bool> skeleton(const Avatar& avatar);

}  // namespace vivavox
