// A Timeline as other programs read it: subtitles, and Praat's annotations.
#pragma once

#include <string>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// SubRip (.srt): the words in cues of up to two lines' length, which end with a sentence
/// and at pauses.
std::string to_srt(const Timeline& timeline);

/// WebVTT (.vtt): the same cues, each further word with the time when it begins.
std::string to_vtt(const Timeline& timeline);

/// Praat's TextGrid: the tiers "words" and "phones" (IPA); pauses are empty intervals.
std::string to_textgrid(const Timeline& timeline);

}  // namespace vivavox
