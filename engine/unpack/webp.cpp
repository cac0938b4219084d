#include "engine/unpack/webp.h"

#include <webp/decode.h>

#include <cstring>
#include <string>

namespace vivavox {

namespace {

const std::uint8_t* bytes_of(std::span<const std::byte> file) {
  return reinterpret_cast<const std::uint8_t*>(file.data());
}

}  // namespace

bool is_webp(std::span<const std::byte> file) {
  return file.size() >= 12 && std::memcmp(file.data(), "RIFF", 4) == 0 &&
         std::memcmp(file.data() + 8, "WEBP", 4) == 0;
}

Result<ImageSize> webp_size(std::span<const std::byte> file) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes_of(file), file.size(), &features) != VP8_STATUS_OK)
    return fail(ErrorCode::invalid_image, "a WebP image is damaged: export it again");
  if (features.has_animation != 0)
    return fail(ErrorCode::invalid_image, "a WebP image moves: export it as a still one");
  return checked_size({.width_px = features.width, .height_px = features.height});
}

Result<Image> decode_webp(std::span<const std::byte> file) {
  const auto size = webp_size(file);
  if (!size) return std::unexpected(size.error());
  Image image{.width_px = size->width_px, .height_px = size->height_px, .rgba = {}};
  image.rgba.resize(4 * size->pixels());
  if (!WebPDecodeRGBAInto(bytes_of(file), file.size(), image.rgba.data(), image.rgba.size(),
                          4 * size->width_px)) {
    return fail(ErrorCode::invalid_image, "a WebP image is damaged: export it again");
  }
  return image;
}

}  // namespace vivavox
