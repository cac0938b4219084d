// Avatars by path; Vivi without one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// Reads the avatar file at `path`, or the default avatar if `path` is empty.
/// Errors: not_found, io_failed, invalid_avatar (naming the file).
Result<Avatar> open_avatar(const std::string& path);

/// The bytes of that file. Errors: not_found, io_failed.
Result<std::vector<std::byte>> read_avatar_file(const std::string& path);

/// The bytes of Vivi, who is built into the program.
std::span<const std::byte> vivi_file();

}  // namespace vivavox
