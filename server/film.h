// A performance frame by frame into a video.
#pragma once

#include <filesystem>
#include <functional>
#include <span>

#include "engine/face/performance.h"
#include "engine/media/image.h"
#include "server/video_writer.h"

namespace vivavox {

/// How many frames cover the whole performance.
std::int64_t frame_count(const Performance& performance, int frames_per_s);

/// Called before each frame with the fraction done; false stops with cancelled.
using FilmProgress = std::function<bool(double fraction)>;

/// Draws the moment at `t_s` in the film's size.
using DrawFrame = std::function<Image(double t_s)>;

/// Films the performance from its start with its sound into an .mp4 or .webm.
/// Errors: those of VideoWriter; cancelled.
Result<void> film(const Performance& performance, std::span<const float> samples,
                  const VideoFormat& format, const std::filesystem::path& path,
                  const DrawFrame& draw, const FilmProgress& on_progress);

}  // namespace vivavox
