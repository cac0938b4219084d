// UTF-8: validity, and the offsets that other languages count in.
#pragma once

#include <cstddef>
#include <string_view>

namespace vivavox {

/// Where the first byte lies that is not well-formed UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF), or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// One code point and the bytes it takes.
struct CodePoint {
  char32_t value;
  std::size_t length_bytes;
};

/// The code point at `offset` of well-formed UTF-8; offset < text.size().
CodePoint decode_utf8(std::string_view text, std::size_t offset);

/// How many UTF-16 code units the well-formed UTF-8 text takes.
std::size_t utf16_length(std::string_view text);

}  // namespace vivavox
