// What hangs on a joint: the vertices that it carries, and where they are.
#pragma once

#include <span>

#include "engine/stage/avatar.h"

namespace vivavox {

/// Where the vertex is in the model; `world`: the place of each node.
float3 vertex_place(const AvatarPart& part, std::span<const mat4f> world, std::size_t vertex);

/// The share of the vertex, 0…1, that follows the joint or what is below it.
float hold_of(const Avatar& avatar, const AvatarPart& part, std::size_t vertex, std::size_t joint);

}  // namespace vivavox
