// What a VRM file says of an avatar beyond glTF: its expressions, the meaning of its bones, and how
// its toon materials are shaded. Source: VRM Consortium, VRM 0.0 and 1.0 specifications.
#pragma once

#include <span>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// Whether the file is of VRM 0.x, whose avatars look along −Z.
bool is_vrm0(const gltf::Document& document);

/// Fills the avatar's expressions, humanoid bones and toon shades; a file of no VRM has none.
/// `node_place`: each file index's place in the avatar's nodes. Throws gltf::Fault.
void read_vrm(const gltf::Document& document, std::span<const std::size_t> node_place,
              Avatar& avatar);

}  // namespace vivavox
