// Short-time spectra of sound: what alignment and lip movement read from it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace vivavox {

/// The rate that spectra are taken at, and the step from frame to frame.
inline constexpr std::int32_t spectrum_hz = 16000;
inline constexpr int hop_length_samples = 160;
inline constexpr int window_samples = 400;

inline constexpr std::size_t fft_size = 512;
inline constexpr double bin_hz = double(spectrum_hz) / fft_size;

/// Power in each bin up to the Nyquist rate.
using PowerSpectrum = std::array<float, fft_size / 2 + 1>;

/// The Hamming-windowed power spectrum around 10 ms of sound at spectrum_hz: of the window_samples
/// whose middle is that frame's.
PowerSpectrum power_spectrum(std::span<const float> samples, std::size_t frame);

/// Triangular bands that are evenly spaced in mel, 60 to 7600 Hz.
class MelBands {
 public:
  explicit MelBands(std::size_t count);

  /// The level of each in dB.
  void put_levels(const PowerSpectrum& spectrum, std::span<float> levels) const;

 private:
  /// Where a bin lies between the tips of two bands.
  struct Place {
    std::ptrdiff_t below = 0;
    float share = 0;  ///< of the band above
  };
  std::array<Place, fft_size / 2 + 1> places_{};
};

/// The bands that alignment compares, in dB.
inline constexpr std::size_t mel_bands = 26;
using BandLevels = std::array<float, mel_bands>;

/// The level of all bands together, in dB.
float total_db(std::span<const float> levels);

inline constexpr std::size_t cepstrum_size = 13;
using Cepstrum = std::array<float, cepstrum_size>;

/// Mel-frequency cepstrum (Davis and Mermelstein, 1980); what lies below the floor
/// counts as the floor.
Cepstrum cepstrum_of(const BandLevels& levels, float floor_db);

/// What of the levels is louder than the silence around it: a threshold between
/// the noise floor and the peaks.
float silence_threshold_db(std::span<const float> levels);

}  // namespace vivavox
