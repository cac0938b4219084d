// What hangs on a joint: the vertices that it carries, and where they are.
#pragma once

#include <span>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// Where the vertex is in the model; `world`: the place of each node.
float3 vertex_place(const AvatarPart& part, std::span<const mat4f> world, std::size_t vertex);

/// Whether each node is the joint or below it.
std::vector<bool> nodes_below(const Avatar& avatar, std::size_t joint);

/// The share of the vertex, 0…1, that follows these nodes.
float hold_of(const AvatarPart& part, std::size_t vertex, const std::vector<bool>& nodes);

}  // namespace vivavox
