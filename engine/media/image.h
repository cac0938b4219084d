// Pictures: 8-bit RGBA, decoded from PNG and JPEG, encoded to PNG.
#pragma once

#include <algorithm>
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

struct ImageSize {
  int width_px = 0;
  int height_px = 0;

  std::size_t pixels() const { return std::size_t{1} * width_px * height_px; }
  /// That of halved().
  ImageSize half() const { return {std::max(1, width_px / 2), std::max(1, height_px / 2)}; }

  bool operator==(const ImageSize&) const = default;
};

/// The size as it is. Errors: invalid_image where a side is longer than decode_image() accepts.
Result<ImageSize> checked_size(ImageSize size);

/// The size of a PNG or JPEG file, by its head alone. Errors: invalid_image, also where it
/// is larger than decode_image() accepts.
Result<ImageSize> image_size(std::span<const std::byte> file);

/// Decodes a PNG or JPEG file, halved() so many times. Errors: invalid_image.
Result<Image> decode_image(std::span<const std::byte> file, int halvings = 0);

/// How files of some formats are read: by default PNG and JPEG.
struct ImageReader {
  Result<ImageSize> (*size)(std::span<const std::byte> file) = &image_size;
  Result<Image> (*decode)(std::span<const std::byte> file, int halvings) = &decode_image;
};

/// Half as wide and high, at least 1 × 1: each pixel is the mean of those it stands for,
/// without an odd side's last one.
Image halved(const Image& image);

/// In another size: halved() to half of it, else each pixel between the four nearest, which suits
/// sizes that are about as large or larger.
Image resized(Image image, ImageSize size);

/// As large as it must be to fill `size`, and cut evenly at its edges to that.
Image covering(Image image, ImageSize size);

/// Fills what is see-through in a picture by one of the same size that is opaque.
void put_behind(Image& picture, const Image& behind);

/// Encodes a PNG file; the same picture always gives the same bytes.
std::vector<std::byte> encode_png(const Image& image);

/// Encodes a JPEG file of `quality` 1…100. What is see-through becomes white.
std::vector<std::byte> encode_jpeg(const Image& image, int quality);

}  // namespace vivavox
