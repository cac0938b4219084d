// WAV files: RIFF WAVE, as Microsoft's "Multimedia Programming Interface and
// Data Specifications 1.0" and its WAVEFORMATEXTENSIBLE define them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/error.h"

namespace vivavox {

/// Mono sound.
struct Recording {
  std::int32_t sample_rate_hz = 0;
  std::vector<float> samples;  ///< −1…1
};

/// A WAV file of 16-bit PCM; samples beyond −1…1 are clipped.
/// Errors: invalid_audio if the sound is too long for the format (4 GiB).
Result<std::vector<std::uint8_t>> to_wav(std::int32_t sample_rate_hz,
                                         std::span<const float> samples);

/// The same in pieces: what such a file of so many samples begins with, and its samples.
Result<std::vector<std::uint8_t>> wav_header(std::int32_t sample_rate_hz, std::size_t samples);
std::vector<std::uint8_t> wav_samples(std::span<const float> samples);

/// Reads PCM of 8, 16, 24 or 32 bits and floats of 32 or 64 bits, 8 to 384 kHz;
/// two channels are mixed into one. A data chunk that claims more than the
/// file holds, as an interrupted recording has, is read up to the file's end.
/// Errors: invalid_audio, saying what is wrong.
Result<Recording> read_wav(std::span<const std::uint8_t> file);

}  // namespace vivavox
