// Pictures: 8-bit RGBA, decoded from PNG and JPEG, encoded to PNG.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/error.h"

namespace vivavox {

/// 8-bit sRGB with straight (not premultiplied) alpha, rows from the top.
struct Image {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> rgba;  ///< width × height × 4

  bool operator==(const Image&) const = default;
};

/// The largest width and height that decode_image() accepts.
inline constexpr int max_image_side_px = 4096;

/// Decodes a PNG or JPEG file. Errors: invalid_image.
Result<Image> decode_image(std::span<const std::byte> file);

/// Encodes a PNG file; the same picture always gives the same bytes.
std::vector<std::byte> encode_png(const Image& image);

/// Encodes a JPEG file of `quality` 1…100. What is see-through becomes white.
std::vector<std::byte> encode_jpeg(const Image& image, int quality);

}  // namespace vivavox
