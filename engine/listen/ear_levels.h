// The spectrum that the ear hears by, of sound as it comes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/align/spectrum_stream.h"

namespace vivavox {

/// In dB, of mel bands.
inline constexpr std::size_t ear_bands = 40;
using EarLevels = std::array<float, ear_bands>;

/// Sound at any rate, piece by piece, as the levels of each 10 ms (SpectrumStream).
class EarLevelStream {
 public:
  explicit EarLevelStream(std::int32_t sample_rate_hz);

  /// The levels of the frames that are whole by now.
  std::vector<EarLevels> push(std::span<const float> samples);

  /// Those of the last frames, silence following.
  std::vector<EarLevels> finish();

 private:
  SpectrumReceiver adding_to(std::vector<EarLevels>& levels) const;

  SpectrumStream spectra_;
  MelBands bands_{ear_bands};
};

}  // namespace vivavox
