// The materials of a glTF file, and the textures that they show.
#pragma once

#include <cstddef>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// Fills the avatar's materials and textures; what is shown otherwise than the file has it is
/// noted. Throws gltf::Fault.
void read_materials(const gltf::Document& document, const TextureLimits& limits,
                    const ImageReader& images, Avatar& avatar);

}  // namespace vivavox
