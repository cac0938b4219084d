// ARPABET names of phones, for interfaces that speak it.
// Source: the two-letter codes of the TIMIT and CMU pronouncing dictionaries.
#pragma once

#include <string_view>

namespace vivavox {

/// The ARPABET symbol (without stress digit) nearest to an IPA symbol in how it
/// is made: exact for English phones, the closest English sound otherwise. "SIL"
/// for a pause or for a symbol without any sound.
std::string_view arpabet(std::string_view ipa);

}  // namespace vivavox
