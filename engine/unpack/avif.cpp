#include "engine/unpack/avif.h"

#include <avif/avif.h>

#include <algorithm>
#include <memory>
#include <string>

namespace vivavox {

namespace {

using Decoder = std::unique_ptr<avifDecoder, decltype(&avifDecoderDestroy)>;

avifROData data_of(std::span<const std::byte> file) {
  return {.data = reinterpret_cast<const std::uint8_t*>(file.data()), .size = file.size()};
}

std::unexpected<Error> damaged_avif(avifResult result) {
  return fail(ErrorCode::invalid_image, std::string("an AVIF image is damaged (") +
                                            avifResultToString(result) + "): export it again");
}

/// At the one picture of a file, whose size is fine, before it is decoded.
Result<Decoder> opened_avif(std::span<const std::byte> file) {
  Decoder decoder(avifDecoderCreate(), &avifDecoderDestroy);
  if (!decoder) return damaged_avif(AVIF_RESULT_OUT_OF_MEMORY);
  decoder->ignoreExif = decoder->ignoreXMP = AVIF_TRUE;
  const auto [data, size] = data_of(file);
  avifResult result = avifDecoderSetIOMemory(decoder.get(), data, size);
  if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder.get());
  if (result != AVIF_RESULT_OK) return damaged_avif(result);
  if (decoder->imageCount > 1)
    return fail(ErrorCode::invalid_image, "an AVIF image moves: export it as a still one");
  constexpr avifTransformFlags moved =
      AVIF_TRANSFORM_CLAP | AVIF_TRANSFORM_IROT | AVIF_TRANSFORM_IMIR;
  if ((decoder->image->transformFlags & moved) != 0)
    return fail(ErrorCode::invalid_image,
                "an AVIF image is to be cut or turned: export it as it "
                "is to lie");
  // The stream within may say otherwise than the file's head.
  decoder->imageDimensionLimit = max_image_side_px;
  decoder->imageSizeLimit = std::uint32_t{max_image_side_px} * max_image_side_px;
  return decoder;
}

Result<ImageSize> size_of(const avifImage& image) {
  constexpr std::uint32_t most = 1U << 20U;  // which an int holds, and its square does not matter
  return checked_size({.width_px = static_cast<int>(std::min(image.width, most)),
                       .height_px = static_cast<int>(std::min(image.height, most))});
}

}  // namespace

bool is_avif(std::span<const std::byte> file) {
  const avifROData data = data_of(file);
  return avifPeekCompatibleFileType(&data) == AVIF_TRUE;
}

Result<ImageSize> avif_size(std::span<const std::byte> file) {
  const auto decoder = opened_avif(file);
  if (!decoder) return std::unexpected(decoder.error());
  return size_of(*(*decoder)->image);
}

Result<Image> decode_avif(std::span<const std::byte> file) {
  const auto decoder = opened_avif(file);
  if (!decoder) return std::unexpected(decoder.error());
  const auto size = size_of(*(*decoder)->image);
  if (!size) return std::unexpected(size.error());
  avifResult result = avifDecoderNextImage(decoder->get());
  if (result != AVIF_RESULT_OK) return damaged_avif(result);
  Image image{.width_px = size->width_px, .height_px = size->height_px, .rgba = {}};
  image.rgba.resize(4 * size->pixels());
  avifRGBImage rgba;
  avifRGBImageSetDefaults(&rgba, (*decoder)->image);
  rgba.depth = 8;
  rgba.format = AVIF_RGB_FORMAT_RGBA;
  rgba.pixels = image.rgba.data();
  rgba.rowBytes = 4 * rgba.width;
  if (rgba.rowBytes * std::size_t{rgba.height} != image.rgba.size())
    return damaged_avif(AVIF_RESULT_BMFF_PARSE_FAILED);
  result = avifImageYUVToRGB((*decoder)->image, &rgba);
  if (result != AVIF_RESULT_OK) return damaged_avif(result);
  return image;
}

}  // namespace vivavox
