// How a Timeline's vowels are said: their loudness and pitch beside what is usual.
#pragma once

#include <span>

#include "engine/prosody/voice_track.h"
#include "engine/timeline/timeline.h"

namespace vivavox {

/// What is usual in speech that comes stretch by stretch: of the last ten seconds or so, so that
/// a shout after quiet words is loud, and after a minute of shouting it is not.
class UsualVoice {
 public:
  /// Sets the delivery of every vowel of a Timeline, whose sound this is from its start to its
  /// end. What is usual is that of its own vowels and of those before. Other phones stay as they
  /// are.
  void describe(Timeline& timeline, const VoiceTrack& sound);

 private:
  void describe_stretch(std::span<Phone> phones, const Timeline& timeline,
                        std::span<const VoiceFrame> frames);

  double level_db_ = 0;
  double level_weight_s_ = 0;
  double pitch_octaves_ = 0;
  double pitch_weight_s_ = 0;
};

}  // namespace vivavox
