#include "server/picture_file.h"

#include <webp/encode.h>

#include <memory>
#include <string>

#include "server/lower_case.h"

namespace vivavox {

namespace {

constexpr int jpeg_quality = 90;
constexpr float webp_quality = 88;

Result<std::vector<std::byte>> encode_webp(const Image& image) {
  std::uint8_t* bytes = nullptr;
  const std::size_t size = WebPEncodeRGBA(image.rgba.data(), image.width_px, image.height_px,
                                          image.width_px * 4, webp_quality, &bytes);
  const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owned(bytes, &WebPFree);
  if (size == 0) return fail(ErrorCode::encoder_failed, "the picture could not be made WebP");
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  return std::vector<std::byte>(first, first + size);
}

}  // namespace

std::optional<PictureFormat> picture_format_named(std::string_view name) {
  const std::string low = lower_case(name);
  if (low == "png") return PictureFormat::png;
  if (low == "jpeg" || low == "jpg") return PictureFormat::jpeg;
  if (low == "webp") return PictureFormat::webp;
  return std::nullopt;
}

std::string_view ending_of(PictureFormat format) {
  switch (format) {
    case PictureFormat::jpeg:
      return ".jpg";
    case PictureFormat::webp:
      return ".webp";
    default:
      return ".png";
  }
}

Result<std::vector<std::byte>> encode_picture(const Image& image, PictureFormat format) {
  switch (format) {
    case PictureFormat::jpeg:
      return encode_jpeg(image, jpeg_quality);
    case PictureFormat::webp:
      return encode_webp(image);
    default:
      return encode_png(image);
  }
}

}  // namespace vivavox
