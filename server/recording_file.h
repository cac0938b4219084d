// Recordings of any common format.
#pragma once

#include <filesystem>

#include "engine/align/sound_levels.h"
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

/// The same as alignment hears it: of long sound no samples are kept.
Result<SoundLevels> read_sound_levels(const std::filesystem::path& file, double longest_s,
                                      const Deadline& deadline);

}  // namespace vivavox
