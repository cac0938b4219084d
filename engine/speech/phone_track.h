// Building a Timeline's phones from left to right.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// Whether a phone is of modifier letters and combining marks alone: they belong to the one before.
bool is_modifier(std::string_view ipa);

/// Appends a phone, or a pause if its ipa is empty, where the last one ends.
/// Pauses next to one another become one, a phone of nothing but modifiers
/// (Russian's "ʲ") joins the one before, and what has no length is left out.
void append_phone(std::vector<Phone>& phones, const Phone& phone);

/// Times of words from their phones. A word none of whose phones sounds has no
/// length, and lies at the end of the word before.
void time_words(Timeline& timeline);

}  // namespace vivavox
