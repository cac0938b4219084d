#include "server/label.h"

#include <stb/stb_easy_font.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace vivavox {

namespace {

/// A pixel of the font in the picture.
constexpr float scale = 2;
constexpr int margin_px = 4;

struct Corner {
  float x, y, z;
  std::array<unsigned char, 4> color;
};

void fill(Image& image, int left_px, int top_px, int right_px, int bottom_px, std::uint8_t level) {
  for (int y = std::max(top_px, 0); y < std::min(bottom_px, image.height_px); ++y) {
    for (int x = std::max(left_px, 0); x < std::min(right_px, image.width_px); ++x) {
      const std::size_t at = std::size_t{4} * (static_cast<std::size_t>(y) * image.width_px + x);
      const std::array<std::uint8_t, 4> color{level, level, level, 255};
      std::ranges::copy(color, image.rgba.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
}

}  // namespace

void draw_label(Image& image, int left_px, int top_px, std::string text) {
  // The font has no others, and would read beyond its table for them.
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  const auto px = [](float length) { return static_cast<int>(std::lround(length * scale)); };
  const int width_px = px(static_cast<float>(stb_easy_font_width(text.data())));
  const int height_px = px(static_cast<float>(stb_easy_font_height(text.data())));
  fill(image, left_px, top_px, left_px + width_px + 2 * margin_px,
       top_px + height_px + 2 * margin_px, 235);
  constexpr std::size_t most_corners_of_letter = 80;
  std::vector<Corner> corners(most_corners_of_letter * (text.size() + 1));
  const int count = stb_easy_font_print(0, 0, text.data(), nullptr, corners.data(),
                                        static_cast<int>(corners.size() * sizeof(Corner)));
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const Corner& first = corners[4 * i];
    const Corner& opposite = corners[4 * i + 2];
    const int x = left_px + margin_px, y = top_px + margin_px;
    fill(image, x + px(first.x), y + px(first.y), x + px(opposite.x), y + px(opposite.y), 20);
  }
}

}  // namespace vivavox
