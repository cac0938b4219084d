#include "server/cartoon.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vivavox {

namespace {

constexpr int smoothing_rounds = 2;
constexpr int alike = 26;        ///< differences of lightness that are smoothed away
constexpr float steps = 7;       ///< of lightness
constexpr float edge_from = 90;  ///< strength of an edge that begins to show
constexpr float edge_to = 240;   ///< and that is fully drawn

int lightness(const std::uint8_t* pixel) {
  return (pixel[0] * 54 + pixel[1] * 183 + pixel[2] * 19) >> 8;
}

/// A pixel by place; beyond the borders, the nearest.
const std::uint8_t* at(const Image& image, int x, int y) {
  x = std::clamp(x, 0, image.width_px - 1);
  y = std::clamp(y, 0, image.height_px - 1);
  return image.rgba.data() + 4 * (std::size_t(y) * image.width_px + x);
}

template <class Make>
Image map_pixels(const Image& image, Make make) {
  Image made = image;
  for (int y = 0; y < image.height_px; ++y) {
    for (int x = 0; x < image.width_px; ++x) {
      const std::array<float, 3> color = make(x, y);
      std::uint8_t* out = made.rgba.data() + 4 * (std::size_t(y) * image.width_px + x);
      for (std::size_t k = 0; k < 3; ++k) {
        out[k] = static_cast<std::uint8_t>(std::clamp(std::lround(color[k]), 0L, 255L));
      }
    }
  }
  return made;
}

std::array<float, 3> mean_of_alike(const Image& image, int x, int y) {
  const int own = lightness(at(image, x, y));
  std::array<float, 3> sum{};
  float count = 0;
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      const std::uint8_t* other = at(image, x + dx, y + dy);
      if (std::abs(lightness(other) - own) > alike) continue;
      for (std::size_t k = 0; k < 3; ++k) sum[k] += other[k];
      ++count;
    }
  }
  return {sum[0] / count, sum[1] / count, sum[2] / count};
}

float edge_strength(const Image& image, int x, int y) {
  const auto light = [&](int dx, int dy) { return float(lightness(at(image, x + dx, y + dy))); };
  const float across = light(1, -1) + 2 * light(1, 0) + light(1, 1) - light(-1, -1) -
                       2 * light(-1, 0) - light(-1, 1);
  const float down = light(-1, 1) + 2 * light(0, 1) + light(1, 1) - light(-1, -1) -
                     2 * light(0, -1) - light(1, -1);
  return std::hypot(across, down);
}

std::array<float, 3> toon_color(const Image& image, int x, int y) {
  const std::uint8_t* pixel = at(image, x, y);
  const float light = std::max(1.0F, float(lightness(pixel)));
  const float step = (std::floor(light * steps / 256) + 0.5F) * 256 / steps;
  const float edge =
      std::clamp((edge_strength(image, x, y) - edge_from) / (edge_to - edge_from), 0.0F, 1.0F);
  const float scale = step / light * (1 - 0.8F * edge);
  return {pixel[0] * scale, pixel[1] * scale, pixel[2] * scale};
}

}  // namespace

Image cartoon(Image image) {
  Image smooth = std::move(image);
  for (int round = 0; round < smoothing_rounds; ++round) {
    smooth = map_pixels(smooth, [&](int x, int y) { return mean_of_alike(smooth, x, y); });
  }
  return map_pixels(smooth, [&](int x, int y) { return toon_color(smooth, x, y); });
}

}  // namespace vivavox
