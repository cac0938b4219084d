// ARPABET names of phones, for interfaces that speak it.
// Source: the two-letter codes of the TIMIT and CMU pronouncing dictionaries.
#pragma once

#include <span>
#include <string_view>

namespace vivavox {

struct ArpabetSymbol {
  std::string_view symbol;
  std::string_view ipa;
};

/// The symbols with the sounds they stand for; of several, the first is the
/// proper one.
std::span<const ArpabetSymbol> arpabet_symbols();

/// The IPA of a phone named in ARPABET, in any case and with or without a stress
/// digit, or in IPA; a small letter alone is IPA. "" for a pause ("SIL", "SP") and for names that
/// are neither.
std::string_view ipa_of_phone(std::string_view name);

/// The ARPABET symbol (without stress digit) nearest to an IPA symbol in how it
/// is made: exact for English phones, the closest English sound otherwise. "SIL"
/// for a pause or for a symbol without any sound.
std::string_view arpabet(std::string_view ipa);

}  // namespace vivavox
