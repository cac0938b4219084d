// Pictures in WebP files. Source: RFC 9649.
#pragma once

#include <cstddef>
#include <span>

#include "engine/media/image.h"

namespace vivavox {

/// Whether the file says that it is WebP.
bool is_webp(std::span<const std::byte> file);

/// The size of a WebP picture, by its head alone. Errors: invalid_image, also where it is larger
/// than decode_webp() accepts, or moves.
Result<ImageSize> webp_size(std::span<const std::byte> file);

/// Decodes a WebP picture of at most max_image_side_px a side. Errors: invalid_image.
Result<Image> decode_webp(std::span<const std::byte> file);

}  // namespace vivavox
