// How well pictures are drawn: the table of quality levels.
#pragma once

#include <array>
#include <string_view>

#include "engine/error.h"

namespace vivavox {

/// One level. The lower, the less time a picture takes, and the more it shows how it was made.
struct Quality {
  std::string_view name;
  double scale = 1;      ///< pixels drawn for one shown, along a side
  int samples = 4;       ///< of each pixel's edges: 1, 2 or 4
  int shadow_px = 1024;  ///< a side of the map of what the key light reaches; 0: no shadows

  bool operator==(const Quality&) const = default;
};

/// From the best to the quickest: docs/quality.md shows them. Fewer pixels save more than rougher
/// edges, and show less.
inline constexpr std::array quality_levels{
    Quality{.name = "ultra", .scale = 2, .shadow_px = 2048},
    Quality{.name = "high"},
    Quality{.name = "medium", .shadow_px = 512},
    Quality{.name = "low", .scale = 0.75, .shadow_px = 512},
    Quality{.name = "minimal", .scale = 0.5, .shadow_px = 0},
};

/// Errors: invalid_argument, where there is no level of that name.
Result<Quality> quality_named(std::string_view name);

}  // namespace vivavox
