#include "server/avatar_file.h"

#include "engine/sculpt/sculpted_file.h"
#include "engine/stage/clips.h"
#include "engine/unpack/packed_avatar.h"
#include "engine/unpack/unpack.h"
#include "server/built_in_avatars.h"
#include "server/files.h"

namespace vivavox {

std::span<const std::byte> vivi_file() {
  return built_in_avatars().front().file;
}

namespace {

/// The built-in avatar that a path means, if it does.
const BuiltInAvatar* built_in(const std::string& path) {
  return path.empty() ? &built_in_avatars().front() : built_in_avatar(path);
}

}  // namespace

Result<std::vector<std::byte>> read_avatar_file(const std::string& path) {
  if (const BuiltInAvatar* own = built_in(path))
    return std::vector(own->file.begin(), own->file.end());
  const auto file = read_file(path);
  if (!file) return std::unexpected(file.error());
  auto plain = unpacked(*file, WebpImages::stay);
  if (!plain) return fail(plain.error().code, path + ": " + plain.error().message);
  return sculpted(*std::move(plain)).file;
}

Result<Avatar> open_avatar(const std::string& path, std::size_t most_texture_pixels) {
  if (const BuiltInAvatar* own = built_in(path))
    return read_avatar(own->file, {.most_pixels = most_texture_pixels});
  const auto file = read_file(path);
  if (!file) return std::unexpected(file.error());
  auto avatar = read_packed_avatar(*file, most_texture_pixels);
  if (!avatar) return fail(avatar.error().code, path + ": " + avatar.error().message);
  return avatar;
}

Result<void> play(Avatar& avatar, const std::string& clip) {
  if (clip.empty()) return {};
  if (clip != "none") return choose_clip(avatar, clip);
  avatar.clip.reset();
  return {};
}

}  // namespace vivavox
