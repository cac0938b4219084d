// Levels of detail: a part's triangles without those that are too small to be seen.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// Triangles (indices into the part's vertices) that stand for the part's, fewer of them: vertices
/// are left out where neither the surface, nor its texture, nor what a morph target makes of it is
/// then off by more than `most_error` (the part's units). Borders, with the seams of textures and
/// normals, stay as they are. Half-edge collapses in rounds of independent vertices; source of the
/// idea: Schroeder, Zarge, Lorensen, "Decimation of Triangle Meshes", 1992.
std::vector<std::uint32_t> coarser(const AvatarPart& part, float most_error);

}  // namespace vivavox
