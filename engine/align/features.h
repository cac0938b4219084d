// What alignment compares: the shape of the spectrum and how it changes.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <vector>

#include "engine/align/spectrum.h"

namespace vivavox {

/// Cepstrum, its slope and its curvature.
inline constexpr std::size_t feature_size = 3 * cepstrum_size;
using Feature = std::array<float, feature_size>;

/// Frames of 10 ms as features whose mean is 0 and variance 1 over the speech.
class Features {
 public:
  /// Frames that are louder than the silence around them are taken for the speech.
  explicit Features(const std::deque<BandLevels>& bands) : Features(bands, bands.size()) {}
  /// Of the first ones.
  Features(const std::deque<BandLevels>& bands, std::size_t frames);

  std::size_t size() const { return cepstra_.size(); }
  Feature operator[](std::size_t frame) const;
  bool is_loud(std::size_t frame) const { return loud_[frame]; }
  /// How many frames are.
  std::size_t loud_frames() const { return loud_frames_; }

 private:
  Feature raw(std::size_t frame) const;

  std::vector<Cepstrum> cepstra_;
  std::vector<bool> loud_;
  std::size_t loud_frames_ = 0;
  Feature mean_{};
  Feature scale_{};
};

}  // namespace vivavox
