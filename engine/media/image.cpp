#include "engine/media/image.h"

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <climits>
#include <cmath>
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

/// Between which two pixels one lies, and the share of the second, of whole_share.
struct Place {
  int first, second, share;
};
constexpr int whole_share = 256;
constexpr int all_shares = whole_share * whole_share;
constexpr int half_shares = all_shares / 2;

/// Of each pixel along a side of `to_px`, in one of `from_px`.
std::vector<Place> places(int from_px, int to_px) {
  std::vector<Place> found;
  for (int i = 0; i < to_px; ++i) {
    const double at = std::clamp((i + 0.5) * from_px / to_px - 0.5, 0.0, from_px - 1.0);
    const int first = static_cast<int>(at);
    found.push_back({.first = first,
                     .second = std::min(first + 1, from_px - 1),
                     .share = static_cast<int>(std::lround((at - first) * whole_share))});
  }
  return found;
}

/// The same of pixels in a buffer of somebody's.
Image halved(const std::uint8_t* rgba, ImageSize whole) {
  const ImageSize size = whole.half();
  Image half{.width_px = size.width_px, .height_px = size.height_px, .rgba = {}};
  half.rgba.reserve(4 * size.pixels());
  const std::size_t row = std::size_t{4} * whole.width_px;
  // A side of one pixel is its own neighbour.
  const std::size_t right = whole.width_px > 1 ? 4 : 0, below = whole.height_px > 1 ? row : 0;
  for (int y = 0; y < half.height_px; ++y) {
    for (int x = 0; x < half.width_px; ++x) {
      const std::uint8_t* corner = rgba + 2 * y * row + std::size_t{8} * x;
      for (std::size_t k = 0; k < 4; ++k) {
        const int sum =
            corner[k] + corner[k + right] + corner[k + below] + corner[k + right + below];
        half.rgba.push_back(static_cast<std::uint8_t>((sum + 2) / 4));
      }
    }
  }
  return half;
}

}  // namespace

Result<ImageSize> checked_size(ImageSize image) {
  if (image.width_px > max_image_side_px || image.height_px > max_image_side_px) {
    return fail(ErrorCode::invalid_image, "an image of " + std::to_string(image.width_px) + " × " +
                                              std::to_string(image.height_px) +
                                              " pixels is larger than 4096 × 4096: scale it down");
  }
  return image;
}

Result<ImageSize> image_size(std::span<const std::byte> file) {
  if (file.empty() || file.size() > INT_MAX) {
    return fail(ErrorCode::invalid_image, "an image is empty: it must be a PNG or JPEG file");
  }
  const auto* bytes = reinterpret_cast<const stbi_uc*>(file.data());
  ImageSize image;
  int channels = 0;
  if (!stbi_info_from_memory(bytes, static_cast<int>(file.size()), &image.width_px,
                             &image.height_px, &channels)) {
    return fail(ErrorCode::invalid_image, "an image is neither PNG nor JPEG: convert it to either");
  }
  return checked_size(image);
}

Result<Image> decode_image(std::span<const std::byte> file, int halvings) {
  if (auto known = image_size(file); !known) return std::unexpected(known.error());
  Image image;
  int channels = 0;
  std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(file.data()),
                            static_cast<int>(file.size()), &image.width_px, &image.height_px,
                            &channels, STBI_rgb_alpha),
      &stbi_image_free);
  if (!pixels) {
    return fail(ErrorCode::invalid_image, std::string("an image is damaged (") +
                                              stbi_failure_reason() + "): export it again");
  }
  if (halvings == 0) {
    const std::size_t length = std::size_t{4} * image.width_px * image.height_px;
    image.rgba.assign(pixels.get(), pixels.get() + length);
    return image;
  }
  // Not copied first: a large image's pixels take 64 MB.
  image = halved(pixels.get(), {image.width_px, image.height_px});
  pixels.reset();
  for (int i = 1; i < halvings; ++i) image = halved(image);
  return image;
}

Image halved(const Image& image) {
  return halved(image.rgba.data(), {image.width_px, image.height_px});
}

Image resized(Image image, ImageSize size) {
  if (size == ImageSize{image.width_px, image.height_px}) return image;
  if (size == ImageSize{image.width_px, image.height_px}.half()) return halved(image);
  const auto across = places(image.width_px, size.width_px);
  const auto down = places(image.height_px, size.height_px);
  Image out{.width_px = size.width_px, .height_px = size.height_px, .rgba = {}};
  out.rgba.reserve(4 * size.pixels());
  const auto row = [&](int y) { return image.rgba.data() + std::size_t{4} * y * image.width_px; };
  for (const Place& y : down) {
    const std::uint8_t* above = row(y.first);
    const std::uint8_t* below = row(y.second);
    for (const Place& x : across) {
      for (int k = 0; k < 4; ++k) {
        const int left = 4 * x.first + k, right = 4 * x.second + k;
        const int top = above[left] * (whole_share - x.share) + above[right] * x.share;
        const int bottom = below[left] * (whole_share - x.share) + below[right] * x.share;
        const int sum = top * (whole_share - y.share) + bottom * y.share;
        out.rgba.push_back(static_cast<std::uint8_t>((sum + half_shares) / all_shares));
      }
    }
  }
  return out;
}

Image covering(Image image, ImageSize size) {
  const auto fits = [&](const ImageSize& other) {
    return other.width_px >= size.width_px && other.height_px >= size.height_px;
  };
  // By halves first: far smaller pixels stand for many.
  while (fits(ImageSize{image.width_px, image.height_px}.half()) && image.width_px > 1)
    image = halved(image);
  const double scale = std::max(static_cast<double>(size.width_px) / image.width_px,
                                static_cast<double>(size.height_px) / image.height_px);
  const auto side = [scale](int px, int least) {
    return std::max(least, static_cast<int>(std::lround(px * scale)));
  };
  const ImageSize drawn{.width_px = side(image.width_px, size.width_px),
                        .height_px = side(image.height_px, size.height_px)};
  image = resized(std::move(image), drawn);
  Image out{.width_px = size.width_px, .height_px = size.height_px, .rgba = {}};
  out.rgba.reserve(4 * size.pixels());
  const int left = (image.width_px - size.width_px) / 2;
  const int top = (image.height_px - size.height_px) / 2;
  for (int y = 0; y < size.height_px; ++y) {
    const auto* row = &image.rgba[std::size_t{4} * ((top + y) * image.width_px + left)];
    out.rgba.insert(out.rgba.end(), row, row + std::size_t{4} * size.width_px);
  }
  return out;
}

void put_behind(Image& picture, const Image& behind) {
  for (std::size_t i = 0; i < picture.rgba.size(); i += 4) {
    const int cover = picture.rgba[i + 3];
    for (std::size_t k = i; k < i + 3; ++k) {
      const int sum = picture.rgba[k] * cover + behind.rgba[k] * (255 - cover);
      picture.rgba[k] = static_cast<std::uint8_t>((sum + 127) / 255);
    }
    picture.rgba[i + 3] = 255;
  }
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
