#include "server/film.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

std::int64_t frame_count(const Performance& performance, int frames_per_s) {
  const double frames = std::ceil(performance.duration_s() * frames_per_s - 1e-6);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(frames));
}

Result<void> film(const Performance& performance, std::span<const float> samples,
                  const VideoFormat& format, const std::filesystem::path& path,
                  const DrawFrame& draw, const FilmProgress& on_progress) {
  constexpr int patience_ms = 1000;
  auto writer = VideoWriter::open(path, format);
  if (!writer) return std::unexpected(writer.error());
  const std::int64_t frames = frame_count(performance, format.frames_per_s);
  writer->add_sound(samples);
  writer->end_sound(frames);
  Result<bool> done;
  for (std::int64_t i = 0; i < frames; ++i) {
    if (!on_progress(static_cast<double>(i) / static_cast<double>(frames))) {
      return fail(ErrorCode::cancelled, "the video was cancelled");
    }
    Image image = draw(static_cast<double>(i) / format.frames_per_s);
    if (auto added = writer->add_frame(std::move(image.rgba)); !added) return added;
    while ((done = writer->flush(patience_ms)) && !*done) {
    }
    if (!done) return std::unexpected(done.error());
  }
  while ((done = writer->finish(patience_ms)) && !*done) {
  }
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace vivavox
