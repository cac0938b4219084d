// A picture in tiles, for one whose whole would take too much memory to draw.
#pragma once

#include <cstdint>

namespace vivavox {

/// Equal tiles that cover a picture. Each is drawn with a margin, in which what
/// smooths edges finds its neighbours; the margin is cut off.
struct Tiling {
  int columns = 1;
  int rows = 1;
  int inner_width_px = 1;  ///< of what is kept of a tile; the last ones reach beyond the picture
  int inner_height_px = 1;
  int margin_px = 0;  ///< on each side

  int tile_width_px() const { return inner_width_px + 2 * margin_px; }
  int tile_height_px() const { return inner_height_px + 2 * margin_px; }

  bool operator==(const Tiling&) const = default;
};

/// The fewest tiles, none of which has many more than `most_pixels`; a picture that has
/// no more is one tile without a margin.
Tiling tiling_of(int width_px, int height_px, std::int64_t most_pixels);

/// Where a tile, margin included, lies in the picture's plane, whose edges are at −1
/// and 1: a place in the tile's own such plane, times the scale, plus the offset.
struct TileWindow {
  double scale_x = 1, scale_y = 1;
  double offset_x = 0, offset_y = 0;
};

/// Of the tile in this column, from the left, and this row, from the top.
TileWindow window_of(const Tiling& tiling, int width_px, int height_px, int column, int row);

}  // namespace vivavox
