#include "server/film.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

double film_length_s(const Performance& performance, const FilmMargins& margins) {
  return margins.lead_s + performance.duration_s() + margins.tail_s;
}

std::int64_t frame_count(const Performance& performance, const FilmMargins& margins,
                         int frames_per_s) {
  const double frames = std::ceil(film_length_s(performance, margins) * frames_per_s - 1e-6);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(frames));
}

std::vector<float> leading_silence(const FilmMargins& margins, int sample_rate_hz) {
  return std::vector<float>(
      static_cast<std::size_t>(std::llround(margins.lead_s * sample_rate_hz)));
}

Result<void> film(const Performance& performance, std::span<const float> samples,
                  const VideoFormat& format, const std::filesystem::path& path,
                  const DrawFrame& draw, const FilmProgress& on_progress) {
  constexpr int patience_ms = 1000;
  auto writer = VideoWriter::open(path, format);
  if (!writer) return std::unexpected(writer.error());
  const std::int64_t frames = frame_count(performance, spoken_margins, format.frames_per_s);
  writer->add_sound(leading_silence(spoken_margins, format.sample_rate_hz));
  writer->add_sound(samples);
  writer->end_sound(frames);
  Result<bool> done;
  for (std::int64_t i = 0; i < frames; ++i) {
    if (!on_progress(static_cast<double>(i) / static_cast<double>(frames))) {
      return fail(ErrorCode::cancelled, "the video was cancelled");
    }
    Image image = draw(static_cast<double>(i) / format.frames_per_s - spoken_margins.lead_s);
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
