#include "server/avatar_file.h"

#include <cstddef>
#include <span>

#include "engine/stage/clips.h"
#include "engine/unpack/unpack.h"
#include "server/files.h"

extern "C" {
extern const unsigned char vivi_glb[];
extern const std::size_t vivi_glb_size;
}

namespace vivavox {

std::span<const std::byte> vivi_file() {
  return std::as_bytes(std::span(vivi_glb, vivi_glb_size));
}

Result<std::vector<std::byte>> read_avatar_file(const std::string& path) {
  if (path.empty()) {
    const auto vivi = vivi_file();
    return std::vector(vivi.begin(), vivi.end());
  }
  const auto file = read_file(path);
  if (!file) return std::unexpected(file.error());
  auto plain = unpacked(*file, WebpImages::stay);
  if (!plain) return fail(plain.error().code, path + ": " + plain.error().message);
  return plain;
}

Result<Avatar> open_avatar(const std::string& path, std::size_t most_texture_pixels) {
  if (path.empty()) return read_avatar(vivi_file(), most_texture_pixels);
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
