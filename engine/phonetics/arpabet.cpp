#include "engine/phonetics/arpabet.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/phonetics/articulation.h"

namespace vivavox {

namespace {

constexpr ArpabetSymbol entries[] = {
    {"AA", "ɑ"}, {"AA", "a"},  {"AE", "æ"},  {"AH", "ʌ"}, {"AH", "ɐ"},  {"AO", "ɔ"},  {"AW", "aʊ"},
    {"AX", "ə"}, {"AXR", "ɚ"}, {"AY", "aɪ"}, {"B", "b"},  {"CH", "tʃ"}, {"D", "d"},   {"DH", "ð"},
    {"DX", "ɾ"}, {"EH", "ɛ"},  {"ER", "ɝ"},  {"ER", "ɜ"}, {"EY", "eɪ"}, {"EY", "e"},  {"F", "f"},
    {"G", "ɡ"},  {"HH", "h"},  {"IH", "ɪ"},  {"IX", "ɨ"}, {"IX", "ᵻ"},  {"IY", "i"},  {"JH", "dʒ"},
    {"K", "k"},  {"L", "l"},   {"M", "m"},   {"N", "n"},  {"NG", "ŋ"},  {"OW", "oʊ"}, {"OW", "əʊ"},
    {"OW", "o"}, {"OY", "ɔɪ"}, {"P", "p"},   {"Q", "ʔ"},  {"R", "ɹ"},   {"R", "r"},   {"S", "s"},
    {"SH", "ʃ"}, {"T", "t"},   {"TH", "θ"},  {"UH", "ʊ"}, {"UW", "u"},  {"UX", "ʉ"},  {"V", "v"},
    {"W", "w"},  {"WH", "ʍ"},  {"Y", "j"},   {"Z", "z"},  {"ZH", "ʒ"},
};

double difference(float a, float b) {
  return std::abs(static_cast<double>(a) - static_cast<double>(b));
}

double mismatch(bool a, bool b) {
  return a == b ? 0 : 1;
}

/// Manner counts most, then place or height: what listeners tell apart.
double distance(const Articulation& a, const Articulation& b) {
  const bool a_vowel = a.manner == Manner::vowel;
  if (a_vowel != (b.manner == Manner::vowel)) return 20;
  const double colour = difference(a.rounding, b.rounding) + 2 * mismatch(a.rhotic, b.rhotic);
  if (a_vowel) {
    return colour + 4 * difference(a.height, b.height) + difference(a.backness, b.backness);
  }
  const double places = std::abs(static_cast<int>(a.place) - static_cast<int>(b.place));
  return colour + places + 4 * mismatch(a.manner == b.manner, true) +
         2 * mismatch(a.voiced, b.voiced) + 3 * mismatch(a.lateral, b.lateral) +
         3 * mismatch(a.nasal, b.nasal);
}

double distance(const std::vector<Articulation>& a, const std::vector<Articulation>& b) {
  constexpr double missing = 3;
  const std::size_t common = std::min(a.size(), b.size());
  double sum = missing * static_cast<double>(std::max(a.size(), b.size()) - common);
  for (std::size_t i = 0; i < common; ++i) sum += distance(a[i], b[i]);
  return sum;
}

struct Sounds {
  std::string_view symbol;
  std::vector<Articulation> sequence;
};

std::vector<Sounds> read_entries() {
  std::vector<Sounds> table;
  for (const ArpabetSymbol& entry : entries) {
    table.push_back({entry.symbol, parse_ipa(entry.ipa).sequence});
  }
  return table;
}

}  // namespace

std::span<const ArpabetSymbol> arpabet_symbols() {
  return entries;
}

std::string_view ipa_of_phone(std::string_view name) {
  const bool has_digit = !name.empty() && name.back() >= '0' && name.back() <= '2';
  const std::string_view symbol = name.substr(0, name.size() - (has_digit ? 1 : 0));
  const auto same_letter = [](char a, char b) {
    return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
  };
  // A small letter alone is IPA: "y" is French's u, "Y" is English's y.
  const bool is_ipa_letter = name.size() == 1 && name[0] >= 'a' && name[0] <= 'z';
  for (const ArpabetSymbol& entry : entries) {
    if (!is_ipa_letter && std::ranges::equal(symbol, entry.symbol, same_letter)) return entry.ipa;
  }
  if (symbol.size() >= 2 &&
      std::ranges::all_of(symbol, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return "";
  }
  const Articulations parsed = parse_ipa(name);
  return parsed.understood && !parsed.sequence.empty() ? name : std::string_view();
}

std::string_view arpabet(std::string_view ipa) {
  static const std::vector<Sounds> table = read_entries();
  const Articulations parsed = parse_ipa(ipa);
  if (parsed.sequence.empty()) return "SIL";
  std::string_view nearest;
  double least = std::numeric_limits<double>::infinity();
  for (const Sounds& sounds : table) {
    const double away = distance(parsed.sequence, sounds.sequence);
    if (away < least) {
      least = away;
      nearest = sounds.symbol;
    }
  }
  return nearest;
}

}  // namespace vivavox
