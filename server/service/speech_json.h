// A Timeline in the words of the API: ARPABET, visemes, seconds.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "engine/timeline/timeline.h"
#include "server/speaker.h"
#include "server/store/records.h"

namespace vivavox {

/// The viseme that stands for a whole phone: an affricate's is its hiss, a
/// diphthong's where it begins.
std::string_view viseme_of_ipa(std::string_view ipa);

/// To a tenth of a millisecond.
double rounded_s(double seconds);

/// The rows that are stored with an audio. Pauses are "SIL" with the viseme "sil".
std::vector<Phoneme> phoneme_rows(const Speech& speech);

/// [{phoneme, ipa, start, end, start_ms, end_ms, t, viseme, confidence}]
boost::json::array phonemes_json(const Speech& speech);

/// [{viseme, start, end}], equal neighbours as one.
boost::json::array visemes_json(const Timeline& timeline);

/// [{text, start, end}]
boost::json::array words_json(const Timeline& timeline);

}  // namespace vivavox
