#include "server/cartoon.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

using namespace vivavox;

namespace {

/// A smooth slope of grey with a bright square in it.
Image slope_with_square() {
  Image image{.width_px = 64, .height_px = 64, .rgba = {}};
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const bool inside = x > 20 && x < 44 && y > 20 && y < 44;
      const auto grey = static_cast<std::uint8_t>(inside ? 250 : 40 + x);
      image.rgba.insert(image.rgba.end(), {grey, grey, grey, 255});
    }
  }
  return image;
}

}  // namespace

TEST_CASE("a slope becomes steps, and edges become lines") {
  const Image image = slope_with_square();
  const Image toon = cartoon(image);
  REQUIRE(toon.rgba.size() == image.rgba.size());
  std::set<int> before, after;
  for (int x = 0; x < 64; ++x) {
    before.insert(image.rgba[4 * (5 * 64 + x)]);
    after.insert(toon.rgba[4 * (5 * 64 + x)]);
  }
  CHECK(before.size() == 64);
  CHECK(after.size() < 12);
  const auto grey = [&](int x, int y) { return int(toon.rgba[4 * (y * 64 + x)]); };
  CHECK(grey(20, 32) < grey(10, 32));
  CHECK(grey(32, 32) > 200);
  CHECK(toon.rgba[3] == 255);
}
