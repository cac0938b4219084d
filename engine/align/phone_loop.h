// What phones are heard where nobody knows the words.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/align/features.h"

namespace vivavox {

/// Frames [begin, end) in which a phone is heard; a pause without `ipa`.
struct HeardPhone {
  std::string_view ipa;
  std::size_t begin = 0, end = 0;
};

/// The likeliest phones one after the other, any after any other (by the token passing of Young,
/// Russell and Thornton, 1989): as people say them, then as they sound in this recording.
std::vector<HeardPhone> hear_phones(const Features& features);

}  // namespace vivavox
