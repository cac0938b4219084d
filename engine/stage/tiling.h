// A picture in tiles, for one whose whole would take too much memory to draw.
#pragma once

#include <cstdint>

namespace vivavox {

/// Tiles' sides are multiples of this where there are several: so much of what is drawn is alike in
/// each (materials/shown.fs).
inline constexpr int tile_step_px = 16;

/// Equal tiles that cover a picture; the last ones reach beyond it.
struct Tiling {
  int columns = 1;
  int rows = 1;
  int tile_width_px = 1;
  int tile_height_px = 1;

  bool operator==(const Tiling&) const = default;
};

/// The fewest tiles, none of which has more than `most_pixels`, or than one step's square; a
/// picture that has no more is one tile.
Tiling tiling_of(int width_px, int height_px, std::int64_t most_pixels);

/// Where a tile lies in the picture's plane, whose edges are at −1
/// and 1: a place in the tile's own such plane, times the scale, plus the offset.
struct TileWindow {
  double scale_x = 1, scale_y = 1;
  double offset_x = 0, offset_y = 0;
};

/// Of the tile in this column, from the left, and this row, from the top.
TileWindow window_of(const Tiling& tiling, int width_px, int height_px, int column, int row);

}  // namespace vivavox
