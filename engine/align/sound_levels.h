// Sound as alignment hears it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>

#include "engine/align/spectrum_stream.h"
#include "engine/prosody/voice_track.h"

namespace vivavox {

/// The longest recording, and reading, that align() takes.
inline constexpr double longest_aligned_s = 7200;

/// The levels of sound that comes piece by piece: an hour of it takes 37 MB, where its samples take
/// 320; what is over may be let go of. What is longer than longest_aligned_s is counted, but not
/// heard.
class SoundLevels {
 public:
  /// Of mono sound at that rate.
  explicit SoundLevels(std::int32_t sample_rate_hz);
  /// Of a sound that is known whole.
  SoundLevels(std::span<const float> samples, std::int32_t sample_rate_hz);

  void push(std::span<const float> samples);
  /// The sound is over.
  void finish();

  std::int32_t sample_rate_hz() const { return sample_rate_hz_; }
  /// How many came.
  std::int64_t length_samples() const { return length_samples_; }
  /// Of each 10 ms that was not let go of.
  const std::deque<BandLevels>& frames() const { return frames_; }
  /// Lets go of the first ones; all else stays.
  void drop_frames(std::size_t count);
  const VoiceTrack& voice() const { return voice_; }

 private:
  std::int32_t sample_rate_hz_;
  std::int64_t length_samples_ = 0;
  SpectrumStream spectra_;
  std::deque<BandLevels> frames_;  ///< which never needs room for itself twice
  VoiceTrack voice_;
};

}  // namespace vivavox
