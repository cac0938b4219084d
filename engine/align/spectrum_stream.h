// The spectra of sound as it comes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/align/resample.h"
#include "engine/align/spectrum.h"

namespace vivavox {

/// Called with the spectrum of each 10 ms, in order.
using SpectrumReceiver = std::function<void(const PowerSpectrum&)>;

/// Mono sound at any rate, piece by piece, as power_spectrum() has it at spectrum_hz. The spectra
/// are the same however the sound is cut; little of it is kept.
class SpectrumStream {
 public:
  explicit SpectrumStream(std::int32_t sample_rate_hz);

  /// Gives the frames that are whole by now: 13 ms beyond their middle, and what the resampler
  /// reaches.
  void push(std::span<const float> samples, const SpectrumReceiver& receive);

  /// Gives the last frames, silence following.
  void finish(const SpectrumReceiver& receive);

 private:
  void extend_sound(std::int64_t until);
  void take_frames(const SpectrumReceiver& receive);
  void forget_old();

  Resampler resampler_;
  // Positions have 64 bits everywhere: a microphone is followed for months.
  std::int64_t period_in_, period_out_;  ///< the rates' ratio in lowest terms
  std::vector<float> given_;             ///< from given_from_ on
  std::int64_t given_from_ = 0;  ///< a multiple of period_in_: there the filters are in step
  std::vector<float> sound_;     ///< at spectrum_hz, from sound_from_ on
  std::int64_t sound_from_ = 0;  ///< a multiple of hop_length_samples
  std::int64_t next_frame_ = 0;
};

}  // namespace vivavox
