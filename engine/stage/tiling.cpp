#include "engine/stage/tiling.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

int ceil_divided(int whole, int part) {
  return (whole + part - 1) / part;
}

}  // namespace

Tiling tiling_of(int width_px, int height_px, std::int64_t most_pixels) {
  if (std::int64_t{width_px} * height_px <= most_pixels) {
    return {.tile_width_px = width_px, .tile_height_px = height_px};
  }
  const int root_px = static_cast<int>(std::sqrt(static_cast<double>(most_pixels)));
  const int side_px = std::max(root_px / tile_step_px, 1) * tile_step_px;
  const auto in_steps = [](int px) { return ceil_divided(px, tile_step_px) * tile_step_px; };
  const int columns = ceil_divided(width_px, side_px);
  const int rows = ceil_divided(height_px, side_px);
  return {.columns = columns,
          .rows = rows,
          .tile_width_px = in_steps(ceil_divided(width_px, columns)),
          .tile_height_px = in_steps(ceil_divided(height_px, rows))};
}

TileWindow window_of(const Tiling& tiling, int width_px, int height_px, int column, int row) {
  const int left_px = column * tiling.tile_width_px;
  const int top_px = row * tiling.tile_height_px;
  const int bottom_px = height_px - top_px - tiling.tile_height_px;
  const double width = width_px, height = height_px;
  return {.scale_x = tiling.tile_width_px / width,
          .scale_y = tiling.tile_height_px / height,
          .offset_x = (tiling.tile_width_px + 2 * left_px) / width - 1,
          .offset_y = (tiling.tile_height_px + 2 * bottom_px) / height - 1};
}

}  // namespace vivavox
