// Avatars by path; Vivi without one.
#pragma once

#include <string>

#include "engine/stage/avatar.h"

namespace vivavox {

/// Reads the avatar file at `path`, or the default avatar if `path` is empty.
/// Errors: not_found, io_failed, invalid_avatar (naming the file).
Result<Avatar> open_avatar(const std::string& path);

}  // namespace vivavox
