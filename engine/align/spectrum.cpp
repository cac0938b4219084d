#include "engine/align/spectrum.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace vivavox {

namespace {

constexpr double highest_hz = 7600;

using Complex = std::complex<float>;

/// Radix-2, in place (Cooley and Tukey, 1965).
void transform(std::array<Complex, fft_size>& values) {
  static const std::vector<Complex> roots = [] {
    std::vector<Complex> all;
    for (std::size_t k = 0; k < fft_size / 2; ++k) {
      all.push_back(std::polar(1.0F, -2 * std::numbers::pi_v<float> * float(k) / fft_size));
    }
    return all;
  }();
  for (std::size_t i = 1, j = 0; i < fft_size; ++i) {
    std::size_t bit = fft_size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  for (std::size_t length = 2; length <= fft_size; length <<= 1) {
    const std::size_t stride = fft_size / length;
    for (std::size_t block = 0; block < fft_size; block += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        const Complex odd = values[block + k + length / 2] * roots[k * stride];
        values[block + k + length / 2] = values[block + k] - odd;
        values[block + k] += odd;
      }
    }
  }
}

/// The sample at a place that may lie before the start or after the end.
float sample_at(std::span<const float> samples, std::ptrdiff_t at) {
  return at >= 0 && at < std::ssize(samples) ? samples[static_cast<std::size_t>(at)] : 0;
}

std::ptrdiff_t window_start(std::size_t frame) {
  return static_cast<std::ptrdiff_t>(frame) * hop_length_samples +
         (hop_length_samples - window_samples) / 2;
}

double mel(double hz) {
  return 1127 * std::log1p(hz / 700);
}

}  // namespace

PowerSpectrum power_spectrum(std::span<const float> samples, std::size_t frame) {
  static const auto window = [] {
    std::array<float, window_samples> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = 0.54F - 0.46F * std::cos(2 * std::numbers::pi_v<float> * float(i) /
                                            float(window_samples - 1));
    }
    return weights;
  }();
  constexpr float pre_emphasis = 0.97F;
  std::array<Complex, fft_size> values{};
  const std::ptrdiff_t start = window_start(frame);
  for (std::size_t i = 0; i < window_samples; ++i) {
    const std::ptrdiff_t at = start + static_cast<std::ptrdiff_t>(i);
    values[i] = window[i] * (sample_at(samples, at) - pre_emphasis * sample_at(samples, at - 1));
  }
  transform(values);
  PowerSpectrum spectrum{};
  for (std::size_t bin = 0; bin < spectrum.size(); ++bin) spectrum[bin] = std::norm(values[bin]);
  return spectrum;
}

MelBands::MelBands(std::size_t count) {
  constexpr double lowest_hz = 60;
  const double low = mel(lowest_hz);
  const double step = (mel(highest_hz) - low) / static_cast<double>(count + 1);
  for (std::size_t bin = 0; bin < places_.size(); ++bin) {
    const double place = (mel(static_cast<double>(bin) * bin_hz) - low) / step;
    places_[bin] = {static_cast<std::ptrdiff_t>(std::floor(place)),
                    static_cast<float>(place - std::floor(place))};
  }
}

void MelBands::put_levels(const PowerSpectrum& spectrum, std::span<float> levels) const {
  std::ranges::fill(levels, 0.0F);
  for (std::size_t bin = 1; bin < spectrum.size(); ++bin) {
    const auto [below, share] = places_[bin];
    const auto add = [&](std::ptrdiff_t band, float weight) {
      if (band >= 0 && band < std::ssize(levels)) {
        levels[static_cast<std::size_t>(band)] += weight * spectrum[bin];
      }
    };
    add(below - 1, 1 - share);
    add(below, share);
  }
  for (float& level : levels) level = 10 * std::log10(level + 1e-10F);
}

float total_db(std::span<const float> levels) {
  float sum = 0;
  for (const float level : levels) sum += std::pow(10.0F, level / 10);
  return 10 * std::log10(sum);
}

Cepstrum cepstrum_of(const BandLevels& levels, float floor_db) {
  static const auto table = [] {
    std::array<std::array<float, mel_bands>, cepstrum_size> cosines{};
    for (std::size_t k = 0; k < cepstrum_size; ++k) {
      for (std::size_t band = 0; band < mel_bands; ++band) {
        cosines[k][band] = std::cos(std::numbers::pi_v<float> * float(k) * (float(band) + 0.5F) /
                                    float(mel_bands));
      }
    }
    return cosines;
  }();
  Cepstrum cepstrum{};
  for (std::size_t k = 0; k < cepstrum_size; ++k) {
    for (std::size_t band = 0; band < mel_bands; ++band) {
      cepstrum[k] += table[k][band] * std::max(floor_db, levels[band]);
    }
  }
  return cepstrum;
}

float silence_threshold_db(std::span<const float> levels) {
  constexpr float below_peak_db = 38;
  if (levels.empty()) return 0;
  std::vector<float> sorted(levels.begin(), levels.end());
  std::ranges::sort(sorted);
  const float floor_db = sorted[sorted.size() / 20];
  const float peak_db = sorted[sorted.size() - 1 - sorted.size() / 20];
  return std::max(floor_db + 0.25F * (peak_db - floor_db), peak_db - below_peak_db);
}

}  // namespace vivavox
