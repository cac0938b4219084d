// Any bytes, packed or not, either read as an avatar that can be rigged, framed and posed, or
// fail.
#include "engine/stage/avatar.h"

#include <algorithm>
#include <cstdlib>

#include "engine/unpack/packed_avatar.h"
#include "engine/unpack/packings.h"
#include "engine/unpack/test_avatars.h"
#include "engine/unpack/unpack.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

using namespace vivavox;

/// Starts from readable avatars, which chance would take long to find.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  static const auto avatars = test::readable_files();
  const auto& avatar = avatars[seed % avatars.size()];
  constexpr unsigned often = 64;
  if ((size < 20 || seed / avatars.size() % often == 0) && avatar.size() <= max_size) {
    std::ranges::copy(avatar, reinterpret_cast<std::byte*>(data));
    size = avatar.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  if (const auto avatar = read_packed_avatar(file)) test::use(*avatar);
  // As the browser has it: what is plain then needs nothing more. It decodes AVIF by itself.
  if (names_any(file, avif_packings)) return 0;
  const auto plain = unpacked(file, WebpImages::become_png);
  if (plain && read_packed_avatar(file) && !read_avatar(*plain)) std::abort();
  return 0;
}
