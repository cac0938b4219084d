// Unicode Normalization Form D.
#pragma once

#include <string>
#include <string_view>

namespace vivavox {

/// The code points of well-formed UTF-8.
std::u32string code_points(std::string_view text);

/// One code point as UTF-8.
std::string to_utf8(char32_t c);

/// The text with every character fully decomposed and its marks in canonical
/// order (Unicode Standard Annex #15).
std::u32string to_nfd(std::u32string_view text);

}  // namespace vivavox
