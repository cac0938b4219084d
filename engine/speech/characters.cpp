// Ranges after the Unicode Character Database 15 (Blocks, White_Space, Dash,
// Terminal_Punctuation, Quotation_Mark).
#include "engine/speech/characters.h"

#include <algorithm>
#include <span>
#include <string_view>

namespace vivavox {

namespace {

struct CharacterRange {
  char32_t first;
  char32_t last;
};

constexpr CharacterRange separators[] = {
    {0x00, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x2012, 0x2015}, {0x2025, 0x2026}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F},
    {0x3000, 0x3003}, {0x3008, 0x3011}, {0x3014, 0x301F}, {0xFF01, 0xFF01}, {0xFF08, 0xFF09},
    {0xFF0C, 0xFF0C}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1B}, {0xFF1F, 0xFF1F}, {0xFF61, 0xFF64}};

constexpr std::u32string_view clinging =
    U"!\"'()*,-.:;<>?[]_`{|}~¡«»¿‘’‚‛“”„‟‹›·՚՛՜՝՞։־׀׃׳״،؛؟۔।॥၊။፡።፣፤፥፦፧៖។៕‐‑•‧";

constexpr CharacterRange letters_and_digits[] = {
    {'0', '9'},       {'A', 'Z'},         {'a', 'z'},         {0xAA, 0xAA},      {0xB2, 0xB3},
    {0xB5, 0xB5},     {0xB9, 0xBA},       {0xBC, 0xBE},       {0xC0, 0xD6},      {0xD8, 0xF6},
    {0xF8, 0x2AF},    {0x300, 0x374},     {0x376, 0x37D},     {0x37F, 0x383},    {0x386, 0x386},
    {0x388, 0x559},   {0x560, 0x588},     {0x591, 0x5BD},     {0x5C4, 0x5F2},    {0x610, 0x61A},
    {0x620, 0x6D3},   {0x6D5, 0x963},     {0x966, 0xE3E},     {0xE40, 0x1049},   {0x1050, 0x135F},
    {0x1369, 0x166D}, {0x166F, 0x167F},   {0x1681, 0x17D3},   {0x17E0, 0x1FFF},  {0x2070, 0x209F},
    {0x2C00, 0x2DFF}, {0x3005, 0x3007},   {0x3021, 0x302F},   {0x3031, 0x303F},  {0x3041, 0xD7FF},
    {0xF900, 0xFDFF}, {0xFE70, 0xFEFE},   {0xFF10, 0xFF19},   {0xFF21, 0xFF3A},  {0xFF41, 0xFF5A},
    {0xFF65, 0xFFDC}, {0x10000, 0x1CFFF}, {0x1E000, 0x1EFFF}, {0x20000, 0x3FFFF}};

constexpr CharacterRange unspaced_scripts[] = {{0xE00, 0xEFF},       // Thai, Lao
                                               {0x1000, 0x109F},     // Myanmar
                                               {0x1780, 0x17FF},     // Khmer
                                               {0x1950, 0x19DF},     // Tai Le, New Tai Lue
                                               {0x1A20, 0x1AAF},     // Tai Tham
                                               {0x2E80, 0x2FDF},     // radicals
                                               {0x3005, 0x3007},     // 々 〆 〇
                                               {0x3041, 0x312F},     // kana, bopomofo
                                               {0x31A0, 0x31FF},     // bopomofo, kana
                                               {0x3400, 0x4DBF},     // Han
                                               {0x4E00, 0x9FFF},     // Han
                                               {0xA9E0, 0xA9FF},     // Myanmar
                                               {0xAA60, 0xAADF},     // Myanmar, Tai Viet
                                               {0xF900, 0xFAFF},     // Han
                                               {0xFF66, 0xFF9F},     // half-width kana
                                               {0x1B000, 0x1B16F},   // kana
                                               {0x20000, 0x3FFFF}};  // Han

bool is_in(std::span<const CharacterRange> ranges, char32_t c) {
  const auto after =
      std::ranges::upper_bound(ranges, c, std::ranges::less{}, &CharacterRange::first);
  return after != ranges.begin() && c <= std::prev(after)->last;
}

}  // namespace

bool separates_words(char32_t c) {
  return is_in(separators, c);
}

bool clings_to_words(char32_t c) {
  return clinging.contains(c);
}

bool is_sayable(char32_t c) {
  static constexpr std::u32string_view named = U"*<>_`{|}~";
  return !clings_to_words(c) || named.contains(c);
}

bool is_letter_or_digit(char32_t c) {
  return is_in(letters_and_digits, c);
}

bool is_unspaced_script(char32_t c) {
  return is_in(unspaced_scripts, c);
}

}  // namespace vivavox
