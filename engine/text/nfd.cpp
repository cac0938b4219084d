#include "engine/text/nfd.h"

#include <algorithm>

#include "engine/text/nfd_table.h"
#include "engine/text/utf8.h"

namespace vivavox {

namespace {

// Hangul syllables are decomposed by arithmetic (The Unicode Standard, 3.12).
constexpr char32_t syllable_base = 0xAC00;
constexpr char32_t syllable_count = 11172;
constexpr char32_t leading_base = 0x1100;
constexpr char32_t vowel_base = 0x1161;
constexpr char32_t trailing_base = 0x11A7;
constexpr char32_t vowel_count = 21;
constexpr char32_t trailing_count = 28;

void append_hangul(std::u32string& out, char32_t syllable) {
  const char32_t index = syllable - syllable_base;
  out.push_back(leading_base + index / (vowel_count * trailing_count));
  out.push_back(vowel_base + index % (vowel_count * trailing_count) / trailing_count);
  if (index % trailing_count != 0) out.push_back(trailing_base + index % trailing_count);
}

void append_decomposed(std::u32string& out, char32_t c) {
  if (c >= syllable_base && c < syllable_base + syllable_count) return append_hangul(out, c);
  const auto table = canonical_decompositions();
  const auto found = std::ranges::lower_bound(table, c, {}, &CanonicalDecomposition::composed);
  if (found == table.end() || found->composed != c) {
    out += c;
    return;
  }
  append_decomposed(out, found->first);
  if (found->second != 0) append_decomposed(out, found->second);
}

std::uint8_t combining_class(char32_t c) {
  const auto ranges = combining_ranges();
  const auto found = std::ranges::lower_bound(ranges, c, {}, &CombiningRange::last);
  return found != ranges.end() && c >= found->first ? found->combining_class : 0;
}

/// Sorts each run of marks by class.
void reorder_marks(std::u32string& text) {
  const auto is_mark = [](char32_t c) { return combining_class(c) != 0; };
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), is_mark);
    const auto end = std::find_if_not(begin, text.end(), is_mark);
    std::stable_sort(
        begin, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    at = end;
  }
}

}  // namespace

std::u32string code_points(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    out += c.value;
    at += c.length_bytes;
  }
  return out;
}

std::string to_utf8(char32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

std::u32string to_nfd(std::u32string_view text) {
  std::u32string out;
  for (const char32_t c : text) append_decomposed(out, c);
  reorder_marks(out);
  return out;
}

}  // namespace vivavox
