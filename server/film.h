// A performance, filmed: frames of an avatar at a steady rate, without a clock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "engine/face/performance.h"
#include "engine/media/image.h"
#include "server/video_writer.h"

namespace vivavox {

/// How many frames cover the whole performance.
int frame_count(const Performance& performance, int frames_per_s);

/// Called before each frame with the fraction done; false stops with cancelled.
using FilmProgress = std::function<bool(double fraction)>;

/// Draws the moment at `t_s` in the film's size.
using DrawFrame = std::function<Image(double t_s)>;

/// Films the performance from its start with its sound into an .mp4 or .webm.
/// Errors: those of VideoWriter; cancelled.
Result<void> film(const Performance& performance, std::span<const float> samples,
                  VideoFormat format, const std::filesystem::path& path, const DrawFrame& draw,
                  const FilmProgress& on_progress);

/// Draws all frames of the performance into a writer, and finishes it.
Result<void> film_into(VideoWriter& writer, const Performance& performance, int frames_per_s,
                       const DrawFrame& draw, const FilmProgress& on_progress);

}  // namespace vivavox
