// How loud and how high a voice is, moment by moment.
// Source of the pitch: Talkin, "A robust algorithm for pitch tracking (RAPT)" (1995): the
// normalised cross-correlation of the sound with itself, without its search for a path.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vivavox {

inline constexpr int voice_frames_per_s = 100;

/// 10 ms of sound.
struct VoiceFrame {
  float level_db = 0;  ///< of the mean square, 0 for ±1 throughout; at least −100
  float pitch_hz = 0;  ///< 0 where nothing is voiced
};

/// Mono sound at any rate, piece by piece; the same however it is cut.
class VoiceTrack {
 public:
  explicit VoiceTrack(std::int32_t sample_rate_hz);
  /// Of a sound that is known whole.
  VoiceTrack(std::span<const float> samples, std::int32_t sample_rate_hz);

  void push(std::span<const float> samples);
  /// The sound is over.
  void finish();

  /// Of each 10 ms. Until the sound is over, what is known of it: 35 ms less.
  std::span<const VoiceFrame> frames() const { return frames_; }

 private:
  void add(float sample);
  void take_frames();
  std::int64_t slow_samples_until(double time_s) const;

  std::int32_t sample_rate_hz_;
  std::int32_t samples_per_slow_;  ///< a slow sample is the mean of so many
  std::int64_t length_samples_ = 0;
  double energy_ = 0;  ///< of the frame that is being heard
  std::int32_t energy_samples_ = 0;
  float sum_ = 0;            ///< of the slow sample that is being heard
  std::vector<float> slow_;  ///< from slow_from_ on
  std::int64_t slow_from_ = 0;
  std::vector<float> levels_db_;  ///< of frames whose pitch is not known yet
  std::vector<VoiceFrame> frames_;
};

}  // namespace vivavox
