#include "engine/unpack/packed_avatar.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/sculpt/sculpted_file.h"
#include "engine/unpack/avif.h"
#include "engine/unpack/packings.h"
#include "engine/unpack/unpack.h"
#include "engine/unpack/webp.h"

namespace vivavox {

namespace {

Result<ImageSize> size_of_any(std::span<const std::byte> file) {
  if (is_webp(file)) return webp_size(file);
  return is_avif(file) ? avif_size(file) : image_size(file);
}

Result<Image> decode_any(std::span<const std::byte> file, int halvings) {
  if (!is_webp(file) && !is_avif(file)) return decode_image(file, halvings);
  auto image = is_webp(file) ? decode_webp(file) : decode_avif(file);
  for (int i = 0; i < halvings && image; ++i) image = halved(*image);
  return image;
}

}  // namespace

Result<Avatar> read_packed_avatar(std::span<const std::byte> file,
                                  std::size_t most_texture_pixels) {
  ImageReader images;
  if (names_any(file, webp_packings) || names_any(file, avif_packings))
    images = {.size = &size_of_any, .decode = &decode_any};
  const TextureLimits limits{.most_pixels = most_texture_pixels};
  if (!names_any(file, mesh_packings) && !lacks_targets(file))
    return read_avatar(file, limits, images);
  auto plain = unpacked(file, WebpImages::stay);
  if (!plain) return std::unexpected(plain.error());
  const SculptedFile shaped = sculpted(*std::move(plain));
  auto avatar = read_avatar(shaped.file, limits, images);
  if (!avatar) return avatar;
  avatar->deformed = shaped.shapes;
  std::ranges::copy(shaped.notes, std::back_inserter(avatar->notes));
  return avatar;
}

}  // namespace vivavox
