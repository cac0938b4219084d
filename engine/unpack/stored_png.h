// PNG files that are not compressed: large, but made and read in no time. Source: W3C, Portable
// Network Graphics (PNG) Specification; RFC 1950 and 1951 (zlib, deflate).
#pragma once

#include <cstddef>
#include <vector>

#include "engine/media/image.h"

namespace vivavox {

/// The picture as a PNG file without compression, and without alpha where nothing shows through.
std::vector<std::byte> stored_png(const Image& image);

}  // namespace vivavox
