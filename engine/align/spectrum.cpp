#include "engine/align/spectrum.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "engine/align/resample.h"

namespace vivavox {

namespace {

constexpr double highest_hz = 7600;
constexpr float silent_db = -100;

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

std::size_t frame_count(std::size_t samples) {
  return (samples + hop_length_samples - 1) / hop_length_samples;
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

/// Where a bin lies between the triangular bands, which are evenly spaced in mel.
struct BinPlace {
  std::ptrdiff_t below = 0;
  float share = 0;  ///< of the band above
};

std::array<BinPlace, fft_size / 2 + 1> bin_places() {
  constexpr double lowest_hz = 60;
  const double low = mel(lowest_hz), step = (mel(highest_hz) - low) / (mel_bands + 1);
  std::array<BinPlace, fft_size / 2 + 1> places{};
  for (std::size_t bin = 0; bin < places.size(); ++bin) {
    const double place = (mel(static_cast<double>(bin) * bin_hz) - low) / step;
    places[bin] = {static_cast<std::ptrdiff_t>(std::floor(place)),
                   static_cast<float>(place - std::floor(place))};
  }
  return places;
}

BandLevels levels_of_bands(const PowerSpectrum& spectrum) {
  static const auto places = bin_places();
  BandLevels levels{};
  for (std::size_t bin = 1; bin < spectrum.size(); ++bin) {
    const auto [below, share] = places[bin];
    const auto add = [&](std::ptrdiff_t band, float weight) {
      if (band >= 0 && band < std::ptrdiff_t(mel_bands)) {
        levels[static_cast<std::size_t>(band)] += weight * spectrum[bin];
      }
    };
    add(below - 1, 1 - share);
    add(below, share);
  }
  for (float& level : levels) level = 10 * std::log10(level + 1e-10F);
  return levels;
}

/// The Hamming-windowed power spectrum of a frame.
PowerSpectrum spectrum_of_frame(std::span<const float> samples, std::size_t frame) {
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

}  // namespace

std::vector<PowerSpectrum> power_spectra(std::span<const float> samples) {
  std::vector<PowerSpectrum> spectra(frame_count(samples.size()));
  for (std::size_t frame = 0; frame < spectra.size(); ++frame) {
    spectra[frame] = spectrum_of_frame(samples, frame);
  }
  return spectra;
}

std::vector<BandLevels> band_levels(std::span<const float> samples, std::int32_t sample_rate_hz) {
  constexpr std::size_t piece_frames = 3000;
  constexpr std::size_t margin_frames = 2;  // more than a window reaches beyond its frame
  const Resampler resampler(sample_rate_hz, spectrum_hz);
  const std::size_t sample_count = resampler.size_of(samples.size());
  std::vector<BandLevels> levels(frame_count(sample_count));
  // Piece by piece, so that the sound need not be held twice.
  for (std::size_t first = 0; first < levels.size(); first += piece_frames) {
    const std::size_t end = std::min(levels.size(), first + piece_frames);
    const std::size_t from = first - std::min(first, margin_frames);
    const std::size_t from_sample = from * hop_length_samples;
    const std::size_t to_sample =
        std::min(sample_count, (end + margin_frames) * hop_length_samples);
    const std::vector<float> piece = resampler.part(samples, from_sample, to_sample - from_sample);
    for (std::size_t frame = first; frame < end; ++frame) {
      levels[frame] = levels_of_bands(spectrum_of_frame(piece, frame - from));
    }
  }
  return levels;
}

float total_db(const BandLevels& levels) {
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

std::vector<float> levels_db(std::span<const float> samples) {
  std::vector<float> levels(frame_count(samples.size()));
  for (std::size_t frame = 0; frame < levels.size(); ++frame) {
    float energy = 0;
    const std::ptrdiff_t start = window_start(frame);
    for (std::ptrdiff_t i = 0; i < window_samples; ++i) {
      const float sample = sample_at(samples, start + i);
      energy += sample * sample;
    }
    levels[frame] = std::max(silent_db, 10 * std::log10(energy / window_samples + 1e-12F));
  }
  return levels;
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
