// What an avatar says can be changed about it: hair, glasses, the colour of its skin. Its file
// lists that in the glTF root's extras, as docs/avatars.md has it; for other files it is what the
// stage knows of their materials.
#pragma once

#include <cstddef>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// The trait that chooses one of an avatar's looks; no trait of its own has that name.
inline constexpr std::string_view look_trait = "look";

inline constexpr std::size_t max_traits = 64, max_trait_values = 64, max_looks = 256;
/// Of nodes, targets and materials that all values name together.
inline constexpr std::size_t max_trait_references = 4'096;
inline constexpr std::size_t max_trait_name_bytes = 64;

/// Fills the avatar's traits. A file without any gets those of `skin`, `hairColor` and `eyes` whose
/// materials can be told by their names: eyes, where an iris has a material of its own. Throws
/// gltf::Fault.
void read_traits(const gltf::Document& document, Avatar& avatar);

}  // namespace vivavox
