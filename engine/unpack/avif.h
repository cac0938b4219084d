// Pictures in AVIF files. Source: AOMedia, AV1 Image File Format (AVIF) 1.1.
#pragma once

#include <cstddef>
#include <span>

#include "engine/media/image.h"

namespace vivavox {

/// Whether the file says that it is AVIF.
bool is_avif(std::span<const std::byte> file);

/// The size of an AVIF picture, by its head alone. Errors: invalid_image, also where it is larger
/// than decode_avif() accepts, moves, or is to be cut or turned.
Result<ImageSize> avif_size(std::span<const std::byte> file);

/// Decodes an AVIF picture of at most max_image_side_px a side, with straight alpha. Errors:
/// invalid_image.
Result<Image> decode_avif(std::span<const std::byte> file);

}  // namespace vivavox
