// Recordings that are said instead of by a voice.
#pragma once

#include <string>

#include "engine/align/align.h"
#include "server/speaker.h"

namespace vivavox {

/// When a text is said in a recording of it, by a voice's reading of the text.
/// Errors: those of Speaker::speak and align().
Result<Alignment> align_text(Speaker& speaker, const std::string& text, const std::string& voice,
                             SoundLevels said);

/// What a recording's file needs to be said.
struct RecordedText {
  std::string file;
  std::string text;   ///< what is said in it; empty: nobody knows
  std::string voice;  ///< of the text's language
  std::string espeak_data;
};

/// The recording with its Timeline: by its text, or else as it is heard (heard_timeline).
/// Errors: those of read_recording, align_text and heard_timeline.
Result<Speech> recorded_speech(const RecordedText& recorded);

}  // namespace vivavox
