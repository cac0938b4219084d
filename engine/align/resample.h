// Sound at another sample rate.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vivavox {

/// Mono samples at `to_hz`, band-limited to the lower of both rates: each is a
/// sum over a Kaiser-windowed sinc (Smith, "Digital Audio Resampling", 2002).
/// round(length · to_hz ÷ from_hz) samples; rates are above 0.
class Resampler {
 public:
  Resampler(std::int32_t from_hz, std::int32_t to_hz);

  /// How many input samples on each side an output sample is made of.
  int reach_samples() const { return half_taps_; }

  /// How many samples become of so many.
  std::size_t size_of(std::size_t samples) const;

  /// `count` of them from the one at `first` on.
  std::vector<float> part(std::span<const float> samples, std::size_t first,
                          std::size_t count) const;

 private:
  std::int32_t from_hz_, to_hz_;
  std::int64_t step_ = 0, scale_ = 0;  ///< the rates' ratio in lowest terms; 0: they are equal
  std::int64_t phases_ = 0;            ///< of the filters
  int half_taps_ = 0;
  std::vector<float> taps_;  ///< of each phase in turn
};

/// All of them.
std::vector<float> resampled(std::span<const float> samples, std::int32_t from_hz,
                             std::int32_t to_hz);

}  // namespace vivavox
