#include "engine/unpack/stored_png.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace vivavox {

namespace {

using Bytes = std::vector<std::byte>;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
    table[i] = value;
  }
  return table;
}

std::uint32_t crc(std::span<const std::byte> bytes) {
  static constexpr auto table = make_crc_table();
  std::uint32_t sum = 0xFFFFFFFF;
  for (const std::byte byte : bytes)
    sum = table[(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xFF] ^ (sum >> 8);
  return ~sum;
}

/// zlib's sum of what it holds, row by row.
class Adler {
 public:
  void add(std::span<const std::byte> bytes) {
    // So many may be summed before a sum has more than 32 bits.
    constexpr std::size_t most = 5552;
    constexpr std::uint32_t base = 65521;
    while (!bytes.empty()) {
      const auto some = bytes.first(std::min(most, bytes.size()));
      for (const std::byte byte : some) {
        low_ += std::to_integer<std::uint32_t>(byte);
        high_ += low_;
      }
      low_ %= base;
      high_ %= base;
      bytes = bytes.subspan(some.size());
    }
  }
  std::uint32_t sum() const { return high_ << 16 | low_; }

 private:
  std::uint32_t low_ = 1, high_ = 0;
};

/// The highest byte first.
void add_number(Bytes& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::byte>(number >> shift));
}

/// Adds a chunk of which `fill` adds the data.
template <class Fill>
void add_chunk(Bytes& out, std::string_view type, std::size_t length, const Fill& fill) {
  add_number(out, static_cast<std::uint32_t>(length));
  const std::size_t begin = out.size();
  for (const char letter : type) out.push_back(static_cast<std::byte>(letter));
  fill();
  add_number(out, crc(std::span(out).subspan(begin)));
}

bool is_opaque(const Image& image) {
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    if (image.rgba[i] != 255) return false;
  }
  return true;
}

/// Rows are blocks of their own: none has more bytes than a block may.
constexpr std::size_t block_head_bytes = 5;
static_assert(4 * max_image_side_px + 1 <= 0xFFFF);

void add_row(Bytes& out, std::span<const std::uint8_t> rgba, std::size_t channels, bool is_last,
             Adler& adler) {
  const std::size_t length = 1 + rgba.size() / 4 * channels;
  for (const std::size_t byte :
       {std::size_t{is_last}, length & 0xFF, length >> 8, ~length & 0xFF, ~length >> 8 & 0xFF})
    out.push_back(static_cast<std::byte>(byte));
  const std::size_t begin = out.size();
  out.push_back(std::byte{0});  // The row is not filtered.
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    for (std::size_t k = 0; k < channels; ++k) out.push_back(std::byte{rgba[i + k]});
  }
  adler.add(std::span(out).subspan(begin));
}

}  // namespace

std::vector<std::byte> stored_png(const Image& image) {
  const std::size_t channels = is_opaque(image) ? 3 : 4;
  const auto width = static_cast<std::size_t>(image.width_px);
  const auto height = static_cast<std::size_t>(image.height_px);
  constexpr std::size_t zlib_bytes = 2 + 4, other_bytes = 8 + 25 + 12 + 12;
  const std::size_t length = zlib_bytes + height * (block_head_bytes + 1 + width * channels);
  Bytes out;
  out.reserve(length + other_bytes);
  for (const int byte : {0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A})
    out.push_back(static_cast<std::byte>(byte));
  add_chunk(out, "IHDR", 13, [&] {
    add_number(out, static_cast<std::uint32_t>(width));
    add_number(out, static_cast<std::uint32_t>(height));
    const int color_type = channels == 3 ? 2 : 6;
    for (const int byte : {8, color_type, 0, 0, 0}) out.push_back(static_cast<std::byte>(byte));
  });
  add_chunk(out, "IDAT", length, [&] {
    out.insert(out.end(), {std::byte{0x78}, std::byte{0x01}});
    Adler adler;
    for (std::size_t y = 0; y < height; ++y) {
      add_row(out, std::span(image.rgba).subspan(4 * width * y, 4 * width), channels,
              y + 1 == height, adler);
    }
    add_number(out, adler.sum());
  });
  add_chunk(out, "IEND", 0, [] {});
  return out;
}

}  // namespace vivavox
