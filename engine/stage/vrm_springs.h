// What of a VRM file swings: hair, ribbons, clothes. Source: VRM Consortium, VRMC_springBone 1.0,
// and secondaryAnimation of VRM 0.0.
#pragma once

#include <span>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// The most joints that swing, and the most meetings of a joint and a collider in one step: some
/// five times what makers' avatars have.
inline constexpr std::size_t max_spring_joints = 2'000, max_spring_meetings = 50'000;

/// Fills the avatar's springs and colliders. Springs that are damaged are left out, all of them
/// where there are too many, which is noted. `node_place` as of read_vrm(). Throws gltf::Fault.
void read_springs(const gltf::Document& document, std::span<const std::size_t> node_place,
                  Avatar& avatar);

}  // namespace vivavox
