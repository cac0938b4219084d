// What kind of file bytes are: told by the bytes, not by who sent them.
#pragma once

#include <string_view>

#include "engine/error.h"

namespace vivavox {

struct AssetKind {
  std::string_view mime_type;  ///< as the first bytes say; application/octet-stream if nothing
  std::string_view type;       ///< "model", "image", "audio", "video", "animation" or "file"
};

/// By the file's first bytes, and for kinds without a signature by its name.
AssetKind kind_of_asset(std::string_view head, std::string_view name);

/// The type to serve an uploaded file with: its name's, except those that a
/// browser would run.
std::string_view served_mime_type(std::string_view name, std::string_view sniffed);

}  // namespace vivavox
