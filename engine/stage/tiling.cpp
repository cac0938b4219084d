#include "engine/stage/tiling.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

/// As far as FXAA looks along an edge.
constexpr int usual_margin_px = 16;

int ceil_divided(int whole, int part) {
  return (whole + part - 1) / part;
}

}  // namespace

Tiling tiling_of(int width_px, int height_px, std::int64_t most_pixels) {
  if (std::int64_t{width_px} * height_px <= most_pixels) {
    return {.inner_width_px = width_px, .inner_height_px = height_px};
  }
  const int side_px = static_cast<int>(std::max(1.0, std::sqrt(static_cast<double>(most_pixels))));
  const int columns = ceil_divided(width_px, side_px);
  const int rows = ceil_divided(height_px, side_px);
  return {.columns = columns,
          .rows = rows,
          .inner_width_px = ceil_divided(width_px, columns),
          .inner_height_px = ceil_divided(height_px, rows),
          .margin_px = usual_margin_px};
}

TileWindow window_of(const Tiling& tiling, int width_px, int height_px, int column, int row) {
  const int left_px = column * tiling.inner_width_px - tiling.margin_px;
  const int top_px = row * tiling.inner_height_px - tiling.margin_px;
  const int bottom_px = height_px - top_px - tiling.tile_height_px();
  const double width = width_px, height = height_px;
  return {.scale_x = tiling.tile_width_px() / width,
          .scale_y = tiling.tile_height_px() / height,
          .offset_x = (tiling.tile_width_px() + 2 * left_px) / width - 1,
          .offset_y = (tiling.tile_height_px() + 2 * bottom_px) / height - 1};
}

}  // namespace vivavox
