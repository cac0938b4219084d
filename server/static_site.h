// A folder of files over HTTP, as a web app with WebAssembly threads needs it.
#pragma once

#include <httplib.h>

#include <filesystem>

#include "engine/error.h"

namespace vivavox {

/// Serves the files below `root` from `/`. Every answer carries the headers
/// that make a page cross-origin isolated (COOP, COEP: without them browsers
/// refuse WebAssembly threads) and forbid guessing of types; caches ask again
/// before they use a file. Errors: not_found.
Result<void> mount_site(httplib::Server& server, const std::filesystem::path& root);

}  // namespace vivavox
