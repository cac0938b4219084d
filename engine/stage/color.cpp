#include "engine/stage/color.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace vivavox {

Result<Color> color_from_hex(std::string_view hex) {
  const std::string_view digits = hex.starts_with('#') ? hex.substr(1) : hex;
  Color color{};
  bool good = digits.size() == 6;
  for (std::size_t i = 0; good && i < 3; ++i) {
    const char* begin = digits.data() + 2 * i;
    good = std::from_chars(begin, begin + 2, color[i], 16).ptr == begin + 2;
  }
  if (!good)
    return fail(ErrorCode::invalid_argument,
                "\"" + std::string(hex) + "\" is no colour: write it as #rrggbb");
  return color;
}

float3 linear(const Color& color) {
  const auto channel = [](std::uint8_t level) {
    const float encoded = static_cast<float>(level) / 255;
    return encoded <= 0.04045F ? encoded / 12.92F : std::pow((encoded + 0.055F) / 1.055F, 2.4F);
  };
  return {channel(color[0]), channel(color[1]), channel(color[2])};
}

std::string hex(float3 linear) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (std::size_t i = 0; i < 3; ++i) {
    const float light = std::clamp(linear[i], 0.0F, 1.0F);
    const float encoded =
        light <= 0.0031308F ? light * 12.92F : 1.055F * std::pow(light, 1 / 2.4F) - 0.055F;
    const auto level = static_cast<unsigned>(std::lround(encoded * 255));
    text += digits[level / 16];
    text += digits[level % 16];
  }
  return text;
}

}  // namespace vivavox
