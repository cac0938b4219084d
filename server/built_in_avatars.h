// The avatars that are part of the program: those of shared/avatars.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace vivavox {

struct BuiltInAvatar {
  std::string_view name;  ///< its file's, without the ending
  std::span<const std::byte> file;
};

/// Vivi first; the others by name.
std::span<const BuiltInAvatar> built_in_avatars();

/// The one of that name; nullptr where there is none.
const BuiltInAvatar* built_in_avatar(std::string_view name);

}  // namespace vivavox
