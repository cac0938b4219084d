#include "engine/align/sound_levels.h"

#include <algorithm>

namespace vivavox {

namespace {

SpectrumReceiver adding_to(std::deque<BandLevels>& frames) {
  static const MelBands bands(mel_bands);
  return [&](const PowerSpectrum& spectrum) { bands.put_levels(spectrum, frames.emplace_back()); };
}

}  // namespace

SoundLevels::SoundLevels(std::int32_t sample_rate_hz)
    : sample_rate_hz_(sample_rate_hz), spectra_(sample_rate_hz), voice_(sample_rate_hz) {}

SoundLevels::SoundLevels(std::span<const float> samples, std::int32_t sample_rate_hz)
    : SoundLevels(sample_rate_hz) {
  push(samples);
  finish();
}

void SoundLevels::push(std::span<const float> samples) {
  length_samples_ += std::ssize(samples);
  if (static_cast<double>(length_samples_) > longest_aligned_s * sample_rate_hz_) return;
  spectra_.push(samples, adding_to(frames_));
  voice_.push(samples);
}

void SoundLevels::drop_frames(std::size_t count) {
  frames_.erase(frames_.begin(), frames_.begin() + std::ptrdiff_t(std::min(count, frames_.size())));
}

void SoundLevels::finish() {
  spectra_.finish(adding_to(frames_));
  voice_.finish();
}

}  // namespace vivavox
