#include "engine/unpack/packings.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace vivavox {

bool names_any(std::span<const std::byte> file, std::span<const std::string_view> words) {
  constexpr std::size_t head_bytes = 20;
  if (file.size() < head_bytes) return false;
  std::uint32_t length = 0;
  std::memcpy(&length, file.data() + 12, sizeof length);
  const auto chunk =
      file.subspan(head_bytes, std::min<std::size_t>(length, file.size() - head_bytes));
  const std::string_view text(reinterpret_cast<const char*>(chunk.data()), chunk.size());
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

}  // namespace vivavox
