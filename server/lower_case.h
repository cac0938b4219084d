// Names that are equal however they are capitalized.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace vivavox {

/// With ASCII's capital letters as small ones; all else stays.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

}  // namespace vivavox
