#include "server/film.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

int frame_count(const Performance& performance, int frames_per_s) {
  const double frames = std::ceil(performance.duration_s() * frames_per_s - 1e-6);
  return std::max(1, static_cast<int>(frames));
}

Result<void> film_into(VideoWriter& writer, const Performance& performance, int frames_per_s,
                       const DrawFrame& draw, const FilmProgress& on_progress) {
  const int frames = frame_count(performance, frames_per_s);
  for (int i = 0; i < frames; ++i) {
    if (on_progress && !on_progress(static_cast<double>(i) / frames)) {
      return fail(ErrorCode::cancelled, "the video was cancelled");
    }
    const Image image = draw(static_cast<double>(i) / frames_per_s);
    if (auto added = writer.add_frame(image.rgba); !added) return added;
  }
  return writer.finish();
}

Result<void> film(const Performance& performance, std::span<const float> samples,
                  VideoFormat format, const std::filesystem::path& path, const DrawFrame& draw,
                  const FilmProgress& on_progress) {
  format.frame_count = frame_count(performance, format.frames_per_s);
  auto writer = VideoWriter::open(path, format, {samples, performance.timeline().sample_rate_hz});
  if (!writer) return std::unexpected(writer.error());
  return film_into(*writer, performance, format.frames_per_s, draw, on_progress);
}

}  // namespace vivavox
