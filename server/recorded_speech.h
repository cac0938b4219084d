// Recordings that are said instead of by a voice.
#pragma once

#include <string>

#include "engine/align/align.h"
#include "server/speaker.h"

namespace vivavox {

/// What a recording's file needs to be said.
struct RecordedText {
  std::string file;
  std::string text;   ///< what is said in it; empty: nobody knows
  std::string voice;  ///< of the text's language
  std::string espeak_data;
};

/// When the text is said in the recording, by the voice's reading of the text. Of both only some
/// minutes are kept at once.
/// Errors: those of read_recording, Speaker::speak and Aligner.
Result<Alignment> align_recording(const RecordedText& recorded);

/// The recording with its Timeline: by its text, or else as it is heard (heard_timeline).
/// Errors: those of read_recording, align_recording and heard_timeline.
Result<Speech> recorded_speech(const RecordedText& recorded);

}  // namespace vivavox
