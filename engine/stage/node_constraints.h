// Nodes that follow others: twist bones, sleeves, helpers. Source: VRM Consortium,
// VRMC_node_constraint 1.0.
#pragma once

#include <span>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// More than any maker's avatar has: what they take at each frame stays small.
inline constexpr std::size_t max_node_constraints = 128;

/// Fills the avatar's constraints, each after those that move what it follows. Those that are
/// damaged, go round in a circle or are beyond max_node_constraints are left out, which is noted.
/// `node_place` as of read_vrm(). Throws gltf::Fault.
void read_node_constraints(const gltf::Document& document, std::span<const std::size_t> node_place,
                           Avatar& avatar);

/// Turns the nodes that follow others: in `places` and in `local`, which `places` make.
void apply_node_constraints(const Avatar& avatar, std::span<Transform> places,
                            std::span<mat4f> local);

}  // namespace vivavox
