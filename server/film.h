// A performance frame by frame into a video.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "engine/face/performance.h"
#include "engine/media/image.h"
#include "server/video_writer.h"

namespace vivavox {

/// What a film shows before the first sound and after the last.
struct FilmMargins {
  double lead_s = 0;
  double tail_s = 0;
};

/// A spoken film begins and ends with the mouth at rest. A recording's has its length, so that
/// other sound can be laid under it.
inline constexpr FilmMargins spoken_margins{performance_lead_s, 0.35};

/// How long a film of the performance is.
double film_length_s(const Performance& performance, const FilmMargins& margins);

/// How many frames cover it.
std::int64_t frame_count(const Performance& performance, const FilmMargins& margins,
                         int frames_per_s);

/// The silence that precedes its sound.
std::vector<float> leading_silence(const FilmMargins& margins, int sample_rate_hz);

/// Called before each frame with the fraction done; false stops with cancelled.
using FilmProgress = std::function<bool(double fraction)>;

/// Draws the moment at `t_s` of the performance in the film's size.
using DrawFrame = std::function<Image(double t_s)>;

/// Films the spoken performance with its sound into an .mp4 or .webm.
/// Errors: those of VideoWriter; cancelled.
Result<void> film(const Performance& performance, std::span<const float> samples,
                  const VideoFormat& format, const std::filesystem::path& path,
                  const DrawFrame& draw, const FilmProgress& on_progress);

}  // namespace vivavox
