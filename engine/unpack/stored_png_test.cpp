#include "engine/unpack/stored_png.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/unpack/test_packed.h"

using namespace vivavox;

TEST_CASE("A stored picture reads as it was, of any size, with alpha or without") {
  for (const auto [width_px, height_px] : {std::pair{1, 1}, {5, 3}, {4096, 2}, {2, 300}}) {
    for (const bool is_opaque : {true, false}) {
      const Image image = test::colorful(width_px, height_px, is_opaque);
      const auto file = stored_png(image);
      CHECK(decode_image(file) == image);
      const std::size_t pixels = image.rgba.size() / 4;
      const bool has_alpha = !is_opaque && pixels > 1;  // The first shows nothing through.
      CHECK(file.size() == 8 + 25 + 12 + 12 + 6 + pixels * (has_alpha ? 4 : 3) +
                               6 * static_cast<std::size_t>(height_px));
    }
  }
}

TEST_CASE("Its sums are those that PNG and zlib ask for") {
  const Image white{.width_px = 1, .height_px = 1, .rgba = {255, 255, 255, 255}};
  const auto file = stored_png(white);
  const auto number_at = [&](std::size_t from_end) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      number = number << 8 | std::to_integer<std::uint32_t>(file[file.size() - from_end + i]);
    }
    return number;
  };
  CHECK(number_at(4) == 0xAE426082);   // of "IEND"
  CHECK(number_at(16) == 0x49666E2B);  // of the pixels' chunk
  CHECK(number_at(20) == 0x05FE02FE);  // of a filter's 0 and three times 255
}
