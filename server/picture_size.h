// Width and height as users write them.
#pragma once

#include <string_view>

#include "engine/error.h"

namespace vivavox {

struct PictureSize {
  int width_px;
  int height_px;

  bool operator==(const PictureSize&) const = default;
};

/// "512x512": each side within 16…4096. Errors: invalid_argument.
Result<PictureSize> picture_size_from(std::string_view text);

}  // namespace vivavox
