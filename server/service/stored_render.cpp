#include "server/service/stored_render.h"

#include <cmath>

#include "server/service/film_job.h"
#include "server/service/service.h"

namespace vivavox {

namespace fs = std::filesystem;

OutputFormat output_format(std::string_view wanted) {
  if (const auto picture = picture_format_named(wanted)) {
    const char* names[] = {"png", "jpeg", "webp"};
    return {names[static_cast<int>(*picture)], std::string(ending_of(*picture)), picture};
  }
  if (wanted == "mp4" || wanted == "webm") {
    return {std::string(wanted), "." + std::string(wanted), std::nullopt};
  }
  return {"png", ".png", PictureFormat::png};
}

Render render_row(const Call& call, const Scene& scene, const OutputFormat& format,
                  std::string request_hash) {
  const std::string frame_id = call.new_id(16);
  return {.frame_id = frame_id,
          .avatar_id = scene.avatar_id,
          .prompt = scene.prompt,
          .width = scene.width_px,
          .height = scene.height_px,
          .format = format.name,
          .file_path = frame_id + format.ending,
          .request_hash = std::move(request_hash),
          .created_at = now_ms()};
}

Result<void> store_picture(Service& service, std::span<const std::byte> bytes, Render& render) {
  auto file = service.renders.stage();
  if (!file) return std::unexpected(file.error());
  if (auto written = file->append({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
      !written) {
    return written;
  }
  render.file_size = static_cast<std::int64_t>(bytes.size());
  return service.renders.put(*std::move(file), render.file_path);
}

Result<void> store_film(Service& service, Take take, ClauseSource next, const Deadline& deadline,
                        Render& render, FrameCount* frames) {
  const int frames_per_s = take.scene.frames_per_s;
  auto file = service.renders.stage(fs::path(render.file_path).extension().string());
  if (!file) return std::unexpected(file.error());
  const auto filmed =
      shoot(service, std::move(take), std::move(next), deadline, file->path(), frames);
  if (!filmed) return std::unexpected(filmed.error());
  std::error_code error;
  render.file_size = static_cast<std::int64_t>(fs::file_size(file->path(), error));
  render.duration_ms = std::llround(1000.0 * static_cast<double>(*filmed) / frames_per_s);
  return service.renders.put(*std::move(file), render.file_path);
}

UnrecordedRenders::~UnrecordedRenders() {
  std::vector<std::string> names;
  for (const Render& one : rows_) {
    const auto known = service_.store.render(one.frame_id, everything);
    if (!known && known.error().code == ErrorCode::not_found) names.push_back(one.file_path);
  }
  service_.renders.remove(names);
}

}  // namespace vivavox
