#include "engine/listen/ear_levels.h"

namespace vivavox {

EarLevelStream::EarLevelStream(std::int32_t sample_rate_hz) : spectra_(sample_rate_hz) {}

std::vector<EarLevels> EarLevelStream::push(std::span<const float> samples) {
  std::vector<EarLevels> levels;
  spectra_.push(samples, adding_to(levels));
  return levels;
}

std::vector<EarLevels> EarLevelStream::finish() {
  std::vector<EarLevels> levels;
  spectra_.finish(adding_to(levels));
  return levels;
}

SpectrumReceiver EarLevelStream::adding_to(std::vector<EarLevels>& levels) const {
  return [&](const PowerSpectrum& spectrum) { bands_.put_levels(spectrum, levels.emplace_back()); };
}

}  // namespace vivavox
