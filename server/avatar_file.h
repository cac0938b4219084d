// Avatars by path, or by the name of a built-in one; Vivi without one.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// What the service shrinks an avatar's textures to: with more of them the process would
/// take more than 600 MiB.
inline constexpr std::size_t most_served_texture_pixels = std::size_t{4} << 20;

/// Reads the avatar file at `path`, or the built-in avatar if `path` is its name; Vivi if it is
/// empty. `most_texture_pixels` as of read_avatar(). Errors: not_found, io_failed, invalid_avatar
/// (naming the file).
Result<Avatar> open_avatar(const std::string& path,
                           std::size_t most_texture_pixels = max_texture_pixels);

/// Has the clip of this name play, or with "none" none; empty: as the file has it. Errors:
/// invalid_argument.
Result<void> play(Avatar& avatar, const std::string& clip);

/// The bytes of that file, its meshes unpacked and sculpted(). Errors: those of open_avatar().
Result<std::vector<std::byte>> read_avatar_file(const std::string& path);

/// The bytes of Vivi, who is built into the program.
std::span<const std::byte> vivi_file();

}  // namespace vivavox
