#include "engine/media/image.h"

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <climits>
#include <memory>
#include <string>

namespace vivavox {

namespace {

void append_bytes(void* context, void* data, int size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  auto* out = static_cast<std::vector<std::byte>*>(context);
  out->insert(out->end(), bytes, bytes + size);
}

std::vector<std::uint8_t> over_white(const Image& image) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(image.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const int alpha = image.rgba[i + 3];
    for (std::size_t k = 0; k < 3; ++k) {
      rgb.push_back(
          static_cast<std::uint8_t>((image.rgba[i + k] * alpha + 255 * (255 - alpha) + 127) / 255));
    }
  }
  return rgb;
}

}  // namespace

Result<Image> decode_image(std::span<const std::byte> file) {
  if (file.empty() || file.size() > INT_MAX) {
    return fail(ErrorCode::invalid_image, "an image is empty: it must be a PNG or JPEG file");
  }
  const auto* bytes = reinterpret_cast<const stbi_uc*>(file.data());
  const int size = static_cast<int>(file.size());
  Image image;
  int channels = 0;
  if (!stbi_info_from_memory(bytes, size, &image.width_px, &image.height_px, &channels)) {
    return fail(ErrorCode::invalid_image, "an image is neither PNG nor JPEG: convert it to either");
  }
  if (image.width_px > max_image_side_px || image.height_px > max_image_side_px) {
    return fail(ErrorCode::invalid_image, "an image of " + std::to_string(image.width_px) + " × " +
                                              std::to_string(image.height_px) +
                                              " pixels is larger than 4096 × 4096: scale it down");
  }
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
      stbi_load_from_memory(bytes, size, &image.width_px, &image.height_px, &channels,
                            STBI_rgb_alpha),
      &stbi_image_free);
  if (!pixels) {
    return fail(ErrorCode::invalid_image, std::string("an image is damaged (") +
                                              stbi_failure_reason() + "): export it again");
  }
  const std::size_t length = std::size_t{4} * image.width_px * image.height_px;
  image.rgba.assign(pixels.get(), pixels.get() + length);
  return image;
}

std::vector<std::byte> encode_png(const Image& image) {
  std::vector<std::byte> file;
  stbi_write_png_to_func(append_bytes, &file, image.width_px, image.height_px, 4, image.rgba.data(),
                         image.width_px * 4);
  return file;
}

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  std::vector<std::byte> file;
  stbi_write_jpg_to_func(append_bytes, &file, image.width_px, image.height_px, 3,
                         over_white(image).data(), quality);
  return file;
}

}  // namespace vivavox
