// How long speech sounds are by nature, for phones whose times nobody knows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vivavox {

/// The inherent duration of an ARPABET phone in seconds (Klatt, "Synthesis by
/// rule of segmental durations in English sentences", 1979). A stress digit shortens (0) or keeps
/// (1, 2) a vowel; names that are no ARPABET are taken as IPA, and what is neither lasts as long as
/// an average phone.
double inherent_duration_s(std::string_view phone);

/// The phones one after another over `duration_s`, each with its share by
/// inherent duration: the end of each in seconds, the last at `duration_s`.
std::vector<double> spread_phones(std::span<const std::string> phones, double duration_s);

}  // namespace vivavox
