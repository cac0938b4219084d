// Recordings of any common format.
#pragma once

#include <cstddef>
#include <span>

#include "engine/error.h"
#include "engine/media/wav.h"
#include "server/work/deadline.h"

namespace vivavox {

/// Reads WAV files itself, and others (MP3, Ogg, FLAC, WebM …) by the ffmpeg
/// program, which sees the bytes alone. Errors: invalid_audio (not a recording,
/// or longer than `longest_s`), encoder_failed (ffmpeg is missing), cancelled.
Result<Recording> read_recording(std::span<const std::byte> file, double longest_s,
                                 const Deadline& deadline);

}  // namespace vivavox
