#include "engine/unpack/meshopt_vertices.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <vector>

using namespace vivavox;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A stream of elements of 4 bytes: what one block has, the element before the first, and how
/// they differ.
std::vector<std::byte> stream_of(const Bytes& block, const Bytes& base, std::uint8_t way) {
  Bytes all{0xA1};
  all.insert(all.end(), block.begin(), block.end());
  all.resize(all.size() + 24 - 5);
  all.insert(all.end(), base.begin(), base.end());
  all.push_back(way);
  const auto bytes = std::as_bytes(std::span(all));
  return {bytes.begin(), bytes.end()};
}

/// `count` elements of 4 bytes; empty where the stream does not hold them.
Bytes decoded_elements(std::span<const std::byte> stream, std::size_t count) {
  Bytes plain(4 * count);
  if (!decode_meshopt_v1(stream, 4, std::as_writable_bytes(std::span(plain)))) return {};
  return plain;
}

/// All four bytes as they are, in columns.
constexpr std::uint8_t as_they_are = 0xFF;

}  // namespace

TEST_CASE("Bytes, words and bits differ from the element before") {
  // 2 and 4 stand for 1 and 2, 1 and 3 for -1 and -2.
  const Bytes bytes{as_they_are, 2, 4, 1, 3, 0, 0, 0, 2};
  CHECK(decoded_elements(stream_of(bytes, {10, 10, 10, 255}, 0), 2) ==
        Bytes{11, 9, 10, 255, 13, 7, 10, 0});
  // The first word grows by 256, the second falls by 1.
  const Bytes words{as_they_are, 0, 2, 1, 0};
  CHECK(decoded_elements(stream_of(words, {5, 1, 0, 0}, 1), 1) == Bytes{5, 2, 255, 255});
  // Bits 0x00000F00, turned by 8 to the right.
  const Bytes bits{as_they_are, 0, 0x0F, 0, 0};
  CHECK(decoded_elements(stream_of(bits, {0xFF, 1, 2, 3}, 0x82), 1) == Bytes{0xF0, 1, 2, 3});
}

TEST_CASE("Groups have as many bits as they need, and whole bytes beside them") {
  // Of the first byte single bits, of which the 1st and 10th say that a byte follows; the second
  // is 0 everywhere, the third has pairs of bits, the last whole bytes.
  // Controls, the lowest pair first: 1, 2, 0 and 1.
  Bytes block{0b01'00'10'01};
  block.insert(block.end(), {0b00, 0b0000'0001, 0b0000'0010, 8, 6});
  block.insert(block.end(), {0b10, 0b10'00'00'11, 0, 0, 0});
  block.push_back(20);
  block.push_back(0b11);
  for (std::uint8_t i = 0; i < 16; ++i) block.push_back(static_cast<std::uint8_t>(2 * (i == 15)));
  const auto plain = decoded_elements(stream_of(block, {0, 7, 0, 0}, 0), 16);
  REQUIRE(plain.size() == 64);
  CHECK(plain[0] == 4);
  CHECK(plain[4 * 8] == 4);
  CHECK(plain[4 * 9] == 7);
  CHECK(plain[4 * 15 + 1] == 7);
  CHECK(plain[2] == 1);
  CHECK(plain[4 * 3 + 2] == 11);
  CHECK(plain[4 * 14 + 3] == 0);
  CHECK(plain[4 * 15 + 3] == 1);
}

TEST_CASE("A stream that is cut short, too long or means nothing is refused") {
  const auto whole = stream_of({as_they_are, 2, 4, 1, 3, 0, 0, 0, 2}, {0, 0, 0, 0}, 0);
  REQUIRE_FALSE(decoded_elements(whole, 2).empty());
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK(decoded_elements(std::span(whole).first(length), 2).empty());
  CHECK(decoded_elements(whole, 1).empty());
  CHECK(decoded_elements(whole, 300).empty());
  CHECK(decoded_elements(stream_of({as_they_are, 0, 0, 0, 0}, {0, 0, 0, 0}, 3), 1).empty());
}

TEST_CASE("Colours are those of luma and chroma") {
  // 7 bits of each: luma 64, nothing of orange and green; alpha whole.
  Bytes grey{32, 0, 0, 0x7F};
  decode_meshopt_color(std::as_writable_bytes(std::span(grey)), 4);
  CHECK(grey == Bytes{64, 64, 64, 255});
  // All of it orange, which has red without blue; and no range at all.
  Bytes orange{63, 63, 0, 0x7F, 9, 9, 9, 0};
  decode_meshopt_color(std::as_writable_bytes(std::span(orange)), 4);
  CHECK(orange == Bytes{253, 126, 0, 255, 0, 0, 0, 0});
}
