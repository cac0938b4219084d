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

/// The Hamming-windowed power spectrum around each 10 ms of sound at spectrum_hz.
std::vector<PowerSpectrum> power_spectra(std::span<const float> samples);

inline constexpr std::size_t cepstrum_size = 13;
using Cepstrum = std::array<float, cepstrum_size>;

/// Mel-frequency cepstra (Davis and Mermelstein, 1980), 26 bands, mean and
/// variance of each coefficient normalised over all frames.
std::vector<Cepstrum> cepstra(std::span<const PowerSpectrum> spectra);

/// The level of each frame in dB, relative to a full-scale square wave.
std::vector<float> levels_db(std::span<const float> samples);

/// What of the levels is louder than the silence around it: a threshold between
/// the noise floor and the peaks.
float silence_threshold_db(std::span<const float> levels);

}  // namespace vivavox
