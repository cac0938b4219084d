// Avatars from files that may be packed, natively: browsers unpack them by unpack.wasm and decoders
// of their own.
#pragma once

#include <cstddef>
#include <span>

#include "engine/stage/avatar.h"

namespace vivavox {

/// read_avatar() of a file that may be packed, or of which the meshes alone are unpacked;
/// sculpted() where it has no morph targets. Its textures may be WebP and AVIF, too.
Result<Avatar> read_packed_avatar(std::span<const std::byte> file,
                                  std::size_t most_texture_pixels = max_texture_pixels);

}  // namespace vivavox
