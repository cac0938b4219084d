#include "server/film.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

int frame_count(const Performance& performance, int frames_per_s) {
  const double frames = std::ceil(performance.duration_s() * frames_per_s - 1e-6);
  return std::max(1, static_cast<int>(frames));
}

Result<void> film(Stage& stage, const Performance& performance, std::span<const float> samples,
                  VideoFormat format, const std::filesystem::path& path,
                  const FilmProgress& on_progress) {
  format.frame_count = frame_count(performance, format.frames_per_s);
  auto writer = VideoWriter::open(path, format, {samples, performance.timeline().sample_rate_hz});
  if (!writer) return std::unexpected(writer.error());
  for (int i = 0; i < format.frame_count; ++i) {
    if (on_progress && !on_progress(static_cast<double>(i) / format.frame_count)) {
      return fail(ErrorCode::cancelled, "the video was cancelled");
    }
    stage.set_pose(performance.pose(static_cast<double>(i) / format.frames_per_s));
    if (auto added = writer->add_frame(stage.picture().rgba); !added) return added;
  }
  return writer->finish();
}

}  // namespace vivavox
