#include "engine/unpack/meshopt_vertices.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace vivavox {

namespace {

constexpr std::byte version_1{0xA1};
constexpr std::size_t group_size = 16;
constexpr std::size_t channel_bytes = 4;

/// Takes bytes off a stream until there are not as many left as asked for.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> stream) : left_(stream) {}

  /// Empty where there are fewer, as where none are asked for.
  std::span<const std::byte> take(std::size_t count) {
    if (count > left_.size()) {
      failed_ = true;
      return {};
    }
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  bool failed() const { return failed_; }
  bool is_at_end() const { return left_.empty(); }

 private:
  std::span<const std::byte> left_;
  bool failed_ = false;
};

/// So many bits of a byte, 2 at 2 · place.
std::size_t pair_at(std::span<const std::byte> bytes, std::size_t place) {
  return std::to_integer<std::size_t>(bytes[place / 4]) >> (2 * (place % 4)) & 3;
}

/// Reads a number of `bits` for each of 16; where all its bits are set, it is a byte of its own.
void read_group(Reader& reader, std::size_t bits, std::span<std::byte, group_size> out) {
  constexpr std::size_t byte_bits = 8;
  const auto packed = reader.take(group_size * bits / byte_bits);
  if (packed.empty()) {
    std::ranges::fill(out, std::byte{0});
    return;
  }
  if (bits == byte_bits) {
    std::ranges::copy(packed, out.begin());
    return;
  }
  const std::size_t in_byte = byte_bits / bits;
  const unsigned all_set = (1U << bits) - 1;
  for (std::size_t i = 0; i < group_size; ++i) {
    // Single bits begin with the lowest, others with the highest.
    const std::size_t place = bits == 1 ? i % in_byte : in_byte - 1 - i % in_byte;
    const unsigned number =
        std::to_integer<unsigned>(packed[i / in_byte]) >> (bits * place) & all_set;
    out[i] = static_cast<std::byte>(number);
    if (number != all_set) continue;
    if (const auto own = reader.take(1); !own.empty()) out[i] = own[0];
  }
}

/// Reads what one byte of `count` elements differs by; `column` has room for whole groups.
void read_column(Reader& reader, std::size_t control, std::size_t count,
                 std::span<std::byte> column) {
  constexpr std::size_t all_zero = 2, as_they_are = 3;
  if (control == all_zero) {
    std::ranges::fill(column, std::byte{0});
    return;
  }
  if (control == as_they_are) {
    std::ranges::copy(reader.take(count), column.begin());
    return;
  }
  static constexpr std::array<std::array<std::size_t, 4>, 2> group_bits{
      {{0, 1, 2, 4}, {1, 2, 4, 8}}};
  const std::size_t groups = (count + group_size - 1) / group_size;
  const auto modes = reader.take((groups + 3) / 4);
  for (std::size_t group = 0; group < groups && !reader.failed(); ++group) {
    read_group(reader, group_bits[control][pair_at(modes, group)],
               column.subspan(group * group_size).first<group_size>());
  }
}

template <class T>
T unzigzag(T value) {
  return static_cast<T>((value >> 1) ^ -(value & 1));
}

/// Adds differences of T, byte by byte in the columns, to what was there.
template <class T>
void add(std::span<const std::byte*, channel_bytes> columns, std::size_t element,
         std::span<std::byte, channel_bytes> last) {
  for (std::size_t begin = 0; begin < channel_bytes; begin += sizeof(T)) {
    T difference = 0, value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      const int shift = 8 * static_cast<int>(i);
      difference =
          static_cast<T>(difference | std::to_integer<T>(columns[begin + i][element]) << shift);
      value = static_cast<T>(value | std::to_integer<T>(last[begin + i]) << shift);
    }
    value = static_cast<T>(value + unzigzag(difference));
    for (std::size_t i = 0; i < sizeof(T); ++i)
      last[begin + i] = static_cast<std::byte>(value >> 8 * i);
  }
}

/// Changes those bits that are set, turned to the right.
void change_bits(std::span<const std::byte*, channel_bytes> columns, std::size_t element, int turn,
                 std::span<std::byte, channel_bytes> last) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < channel_bytes; ++i)
    bits |= std::to_integer<std::uint32_t>(columns[i][element]) << 8 * i;
  bits = std::rotr(bits, turn);
  for (std::size_t i = 0; i < channel_bytes; ++i) last[i] ^= static_cast<std::byte>(bits >> 8 * i);
}

/// Elements of version 1, block by block.
class Vertices {
 public:
  /// `tail` is the element before the first, and then each channel's way of differing.
  Vertices(std::size_t stride_bytes, std::span<const std::byte> tail)
      : stride_bytes_(stride_bytes),
        last_(tail.begin(), tail.begin() + static_cast<std::ptrdiff_t>(stride_bytes)),
        channels_(tail.subspan(stride_bytes)) {}

  /// How many elements a block has at most.
  std::size_t block_size() const {
    constexpr std::size_t block_bytes = 8192, most = 256;
    return std::min(block_bytes / stride_bytes_ / group_size * group_size, most);
  }

  /// Returns false where the stream ends before the block does.
  bool read_block(Reader& reader, std::span<std::byte> plain) {
    const std::size_t count = plain.size() / stride_bytes_;
    columns_.resize(stride_bytes_ * block_size());
    const auto controls = reader.take(stride_bytes_ / channel_bytes);
    for (std::size_t i = 0; i < stride_bytes_ && !reader.failed(); ++i)
      read_column(reader, pair_at(controls, i), count, column(i));
    if (reader.failed()) return false;
    for (std::size_t channel = 0; channel < channels_.size(); ++channel)
      write_channel(channel, count, plain);
    return true;
  }

 private:
  std::span<std::byte> column(std::size_t byte) {
    return std::span(columns_).subspan(byte * block_size(), block_size());
  }

  void write_channel(std::size_t channel, std::size_t count, std::span<std::byte> plain) {
    const std::size_t begin = channel * channel_bytes;
    const auto last = std::span(last_).subspan(begin).first<channel_bytes>();
    std::array<const std::byte*, channel_bytes> columns{};
    for (std::size_t i = 0; i < channel_bytes; ++i) columns[i] = column(begin + i).data();
    const auto way = std::to_integer<unsigned>(channels_[channel]);
    for (std::size_t element = 0; element < count; ++element) {
      if ((way & 3) == 0) add<std::uint8_t>(columns, element, last);
      if ((way & 3) == 1) add<std::uint16_t>(columns, element, last);
      if ((way & 3) == 2) change_bits(columns, element, static_cast<int>(way >> 4), last);
      std::ranges::copy(last, plain.subspan(element * stride_bytes_ + begin).begin());
    }
  }

  std::size_t stride_bytes_;
  std::vector<std::byte> last_;
  std::span<const std::byte> channels_;
  std::vector<std::byte> columns_;
};

template <class Unsigned, class Signed>
void unmix_colors(std::span<std::byte> elements) {
  constexpr float most = std::numeric_limits<Unsigned>::max();
  std::array<Unsigned, 4> mixed{};
  for (std::size_t at = 0; at + sizeof mixed <= elements.size(); at += sizeof mixed) {
    std::memcpy(mixed.data(), elements.data() + at, sizeof mixed);
    const float luma = mixed[0];
    const float orange = static_cast<Signed>(mixed[1]), green = static_cast<Signed>(mixed[2]);
    // Alpha's highest bit says how many bits all four have.
    const unsigned range = (1U << std::bit_width(mixed[3])) - 1;
    const unsigned alpha = mixed[3] & range >> 1;
    const float scale = range > 0 ? most / static_cast<float>(range) : 0;
    const auto level = [&](float value) {
      return static_cast<Unsigned>(std::clamp(std::round(value * scale), 0.0F, most));
    };
    mixed = {level(luma + orange - green), level(luma + green), level(luma - orange - green),
             level(static_cast<float>(alpha << 1 | (alpha & 1)))};
    std::memcpy(elements.data() + at, mixed.data(), sizeof mixed);
  }
}

}  // namespace

bool is_meshopt_v1(std::span<const std::byte> stream) {
  return !stream.empty() && stream[0] == version_1;
}

bool decode_meshopt_v1(std::span<const std::byte> stream, std::size_t stride_bytes,
                       std::span<std::byte> plain) {
  constexpr std::size_t least_tail_bytes = 24;
  const std::size_t tail_bytes = stride_bytes + stride_bytes / channel_bytes;
  const std::size_t padded_bytes = std::max(tail_bytes, least_tail_bytes);
  if (!is_meshopt_v1(stream) || stream.size() < 1 + padded_bytes) return false;
  const auto tail = stream.last(tail_bytes);
  const auto has_no_meaning = [](std::byte way) {
    return (std::to_integer<unsigned>(way) & 3) == 3;
  };
  if (std::ranges::any_of(tail.subspan(stride_bytes), has_no_meaning)) return false;
  Reader reader(stream.subspan(1, stream.size() - 1 - padded_bytes));
  Vertices vertices(stride_bytes, tail);
  while (!plain.empty()) {
    const auto block = plain.first(std::min(plain.size(), vertices.block_size() * stride_bytes));
    if (!vertices.read_block(reader, block)) return false;
    plain = plain.subspan(block.size());
  }
  return reader.is_at_end();
}

void decode_meshopt_color(std::span<std::byte> elements, std::size_t stride_bytes) {
  if (stride_bytes == 4) {
    unmix_colors<std::uint8_t, std::int8_t>(elements);
  } else {
    unmix_colors<std::uint16_t, std::int16_t>(elements);
  }
}

}  // namespace vivavox
