#include "engine/unpack/packings.h"

#include <algorithm>

#include "engine/stage/gltf.h"

namespace vivavox {

bool names_any(std::span<const std::byte> file, std::span<const std::string_view> words) {
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return gltf::mentions(file, word); });
}

}  // namespace vivavox
