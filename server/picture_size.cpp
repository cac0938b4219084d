#include "server/picture_size.h"

#include <charconv>
#include <string>

namespace vivavox {

namespace {
constexpr int min_side_px = 16;
constexpr int max_side_px = 4096;

bool is_side(int px) {
  return px >= min_side_px && px <= max_side_px;
}
}  // namespace

Result<PictureSize> picture_size_from(std::string_view text) {
  PictureSize size{};
  const char* end = text.data() + text.size();
  const auto [cross, width_error] = std::from_chars(text.data(), end, size.width_px);
  if (width_error == std::errc() && cross != end && *cross == 'x') {
    const auto [last, height_error] = std::from_chars(cross + 1, end, size.height_px);
    const bool whole = height_error == std::errc() && last == end;
    if (whole && is_side(size.width_px) && is_side(size.height_px)) return size;
  }
  return fail(ErrorCode::invalid_argument,
              "\"" + std::string(text) +
                  "\" is no size: write WIDTHxHEIGHT in pixels, 16 to 4096 each, e.g. 512x512");
}

}  // namespace vivavox
