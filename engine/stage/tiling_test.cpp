#include "engine/stage/tiling.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("A picture within the bound is one tile, which is the whole") {
  const Tiling tiling = tiling_of(640, 360, 640 * 360);
  CHECK(tiling == Tiling{.tile_width_px = 640, .tile_height_px = 360});
  const TileWindow window = window_of(tiling, 640, 360, 0, 0);
  CHECK(window.scale_x == 1);
  CHECK(window.scale_y == 1);
  CHECK(window.offset_x == 0);
  CHECK(window.offset_y == 0);
}

TEST_CASE("Tiles cover a picture of any size, and are about as large as the bound") {
  for (const int width : {1, 63, 64, 65, 500, 4096}) {
    for (const int height : {1, 63, 64, 65, 500, 4096}) {
      const Tiling tiling = tiling_of(width, height, 64 * 64);
      CAPTURE(width, height);
      CHECK(tiling.columns * tiling.tile_width_px >= width);
      CHECK((tiling.columns - 1) * tiling.tile_width_px < width);
      CHECK(tiling.rows * tiling.tile_height_px >= height);
      CHECK((tiling.rows - 1) * tiling.tile_height_px < height);
      CHECK(tiling.tile_width_px * tiling.tile_height_px <= 64 * 64);
    }
  }
}

TEST_CASE("A tile's window is where its pixels lie in the picture") {
  const Tiling tiling{.columns = 4, .rows = 2, .tile_width_px = 50, .tile_height_px = 40};
  // The picture's pixel (150, 40) is the first of the tile (3, 1).
  const TileWindow window = window_of(tiling, 200, 80, 3, 1);
  const auto in_tile = [](double px, double side_px) { return 2 * px / side_px - 1; };
  const double x = in_tile(0, tiling.tile_width_px) * window.scale_x + window.offset_x;
  const double y = -in_tile(0, tiling.tile_height_px) * window.scale_y + window.offset_y;
  CHECK(x == Catch::Approx(in_tile(150, 200)));
  CHECK(y == Catch::Approx(-in_tile(40, 80)).margin(1e-12));
}
