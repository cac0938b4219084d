// Avatar files that were packed to be small, made plain: what read_avatar() reads, and nothing
// else of them changed. Source: Khronos, glTF extensions EXT_meshopt_compression,
// KHR_meshopt_compression, KHR_draco_mesh_compression and EXT_texture_webp.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// What becomes of WebP images: they stay, for read_packed_avatar() to read, or become PNG, large.
enum class WebpImages { stay, become_png };

/// The file with its meshes plain; a plain file comes back as it is. Errors: invalid_avatar,
/// also where meshes are damaged or take more than 128 MiB; invalid_image.
Result<std::vector<std::byte>> unpacked(std::span<const std::byte> file, WebpImages images);

/// read_avatar() of a file that may be packed, or of which the meshes alone are unpacked;
/// sculpted() where it has no morph targets.
Result<Avatar> read_packed_avatar(std::span<const std::byte> file,
                                  std::size_t most_texture_pixels = max_texture_pixels);

}  // namespace vivavox
