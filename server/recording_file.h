// Recordings of any common format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "engine/error.h"
#include "engine/media/wav.h"
#include "server/work/deadline.h"

namespace vivavox {

/// A larger WAV file is ffmpeg's to read, piece by piece, as all others are.
inline constexpr std::size_t most_wav_bytes = std::size_t{32} << 20;

/// Reads WAV files itself, and others (MP3, Ogg, FLAC, M4A, WebM …) by the ffmpeg
/// program, which sees this file alone. No more is held than `longest_s` of sound,
/// however large the file is. Errors: invalid_audio (not a recording, or longer),
/// encoder_failed (ffmpeg is missing), not_found, cancelled.
Result<Recording> read_recording(const std::filesystem::path& file, double longest_s,
                                 const Deadline& deadline);

/// Called with a recording's samples as they come, and their rate.
using SoundReceiver = std::function<void(std::span<const float>, std::int32_t sample_rate_hz)>;

/// The same piece by piece: of long sound no samples are kept.
Result<void> read_recording_pieces(const std::filesystem::path& file, double longest_s,
                                   const Deadline& deadline, const SoundReceiver& receive);

}  // namespace vivavox
