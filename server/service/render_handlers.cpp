// Pictures and films that are stored: render, sequence, snapshot, lipsync.
#include <algorithm>
#include <utility>

#include "server/service/job_work.h"
#include "server/service/jobs.h"
#include "server/service/phoneme_list.h"
#include "server/service/scene.h"
#include "server/service/service.h"
#include "server/service/stored_render.h"
#include "server/work/priority.h"

namespace vivavox {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr double usual_film_s = 2;
/// A larger picture is encoded where it is drawn, so that there is one of them at a time;
/// others by who asked for them.
constexpr std::size_t most_waiting_bytes = std::size_t{4} << 20;

/// Gives an equal request's file a second name. False: there was none.
bool reuse(Service& service, Render& render) {
  const auto earlier = service.store.render_of_request(render.request_hash);
  if (!earlier || !service.renders.link(earlier->file_path, render.file_path)) return false;
  render.file_size = earlier->file_size;
  render.duration_ms = earlier->duration_ms;
  ++service.render_cache_hits;
  return true;
}

/// Draws one moment of a take, in a turn of the studio's; `motion` as of Stage::set_pose().
Result<std::vector<std::byte>> draw_picture(Service& service, const Take& take, double t_s,
                                            PictureFormat format, const Deadline& deadline,
                                            Motion& motion) {
  Image image;
  Result<std::vector<std::byte>> file;
  auto drawn = service.studio
                   .submit(JobKind::picture, take.scene.model, deadline,
                           [&](Stage& stage) -> Result<Turn> {
                             if (auto ready = set_up(stage, take.scene); !ready) {
                               return std::unexpected(ready.error());
                             }
                             image = draw(service.studio, stage, take, t_s, motion);
                             if (image.rgba.size() > most_waiting_bytes) {
                               file = encode_picture(std::exchange(image, {}), format);
                             }
                             return Turn::done;
                           })
                   .wait();
  if (!drawn) return std::unexpected(drawn.error());
  deadline.advance();
  if (image.rgba.empty()) return file;
  return in_background([&] { return encode_picture(image, format); });
}

Result<Render> render_scene(Service& service, const Call& call, Scene scene,
                            const OutputFormat& format, double film_s, bool& cached) {
  Render render = render_row(call, scene, format, digest_of(scene, format.name, film_s));
  cached = reuse(service, render);
  if (!cached) {
    auto take =
        rehearse(service, std::move(scene), service.speech_deadline(call),
                 format.picture ? 0 : film_s, format.picture ? Samples::dropped : Samples::kept);
    if (!take) return std::unexpected(take.error());
    const Deadline deadline = service.render_deadline(call);
    if (format.picture) {
      const double middle_s = take->performance.duration_s() / 2;
      Motion alone;
      const auto picture = draw_picture(service, *take, middle_s, *format.picture, deadline, alone);
      if (!picture) return std::unexpected(picture.error());
      if (auto stored = store_picture(service, *picture, render); !stored) {
        return std::unexpected(stored.error());
      }
    } else if (auto stored =
                   store_film(service, *std::move(take), {}, deadline, render, frames_of(call));
               !stored) {
      return std::unexpected(stored.error());
    }
  }
  if (auto recorded = service.record(call, {render}); !recorded) {
    return std::unexpected(recorded.error());
  }
  return render;
}

double film_length_s(const Call& call) {
  return call.body.number("duration").value_or(usual_film_s);
}

std::string avatar_of_body(const Call& call) {
  return call.body.text("avatar_id").value_or("default");
}

Reply render(Service& service, const Call& call, const std::string& avatar_id) {
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return problem(scene.error());
  const std::string wanted = *call.body.text("format");
  const OutputFormat format = output_format(wanted);
  if (!format.picture && !call.body.text("quality")) scene->quality = film_quality;
  const std::string mood = scene->mood;
  bool cached = false;
  const auto made =
      render_scene(service, call, *std::move(scene), format, film_length_s(call), cached);
  if (!made) return problem(made.error());
  json::object reply{{"avatar_id", avatar_id},
                     {"frame_id", made->frame_id},
                     {"frame_url", "/renders/" + made->file_path},
                     {"width", made->width},
                     {"height", made->height},
                     {"format", made->format},
                     {"prompt", made->prompt},
                     {"mood", mood},
                     {"created_at", time_text(made->created_at)},
                     {"cached", cached}};
  if (wanted != made->format) reply["requested_format"] = wanted;
  return json_reply(reply);
}

Reply render_sequence(Service& service, const Call& call) {
  const std::string avatar_id = avatar_of_body(call);
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return problem(scene.error());
  OutputFormat format = output_format(*call.body.text("format"));
  if (!format.picture) format = output_format("png");
  const int frames_per_s = scene->frames_per_s;
  auto take =
      rehearse(service, *std::move(scene), service.speech_deadline(call), 0, Samples::dropped);
  if (!take) return problem(take.error());
  const std::int64_t frame_count = *call.body.whole("frames");
  const Deadline deadline = service.render_deadline(call);
  UnrecordedRenders renders(service);
  if (call.job) call.job->frames.expected = frame_count;
  json::array frames;
  Motion motion;
  // One at a time, each stored before the next is drawn: a large one takes 64 MB.
  for (std::int64_t i = 0; i < frame_count; ++i) {
    const double t_s = static_cast<double>(i) / frames_per_s;
    const auto picture = draw_picture(service, *take, t_s, *format.picture, deadline, motion);
    if (!picture) return problem(picture.error());
    renders.add(render_row(call, take->scene, format, digest_of(take->scene, format.name, t_s)));
    if (auto stored = store_picture(service, *picture, renders.back()); !stored) {
      return problem(stored.error());
    }
    frames.push_back({{"frame_id", renders.back().frame_id},
                      {"frame_url", "/renders/" + renders.back().file_path},
                      {"t", t_s}});
    if (call.job) call.job->frames.done = i + 1;
  }
  if (auto recorded = service.record(call, renders.keep()); !recorded) {
    return problem(recorded.error());
  }
  return json_reply(
      {{"avatar_id", avatar_id}, {"fps", frames_per_s}, {"frames", std::move(frames)}});
}

Reply snapshot(Service& service, const Call& call) {
  const std::string& avatar_id = call.path("avatar_id");
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return problem(scene.error());
  bool cached = false;
  const auto made = render_scene(service, call, *std::move(scene), output_format("png"), 0, cached);
  if (!made) return problem(made.error());
  json::object reply{{"avatar_id", avatar_id}, {"snapshot_url", "/renders/" + made->file_path}};
  // With a body, which GET has not.
  if (call.operation.body) {
    reply["snapshot_id"] = made->frame_id;
    const auto note = call.body.text("note");
    reply["note"] = note ? json::value(*note) : json::value();
  }
  return json_reply(reply);
}

Reply performance(Service& service) {
  json::object figures = service.studio.figures();
  figures["cache_hits"] = service.render_cache_hits.load();
  return json_reply(figures);
}

/// A take of the phonemes alone, without sound.
Result<Take> mimed_take(Scene scene, const json::array& phonemes, double duration_s) {
  auto timeline = timeline_of_phonemes(phonemes, duration_s, silence_hz);
  if (!timeline) return std::unexpected(timeline.error());
  std::vector<float> silence(static_cast<std::size_t>(timeline->length_samples));
  return take_of(std::move(scene), *std::move(timeline), std::move(silence));
}

Reply render_lipsync(Service& service, const Call& call) {
  auto scene = scene_of(service, call, avatar_of_body(call));
  if (!scene) return problem(scene.error());
  scene->quality = film_quality;
  const json::array* phonemes = call.body.list("phonemes");
  const bool has_phonemes = phonemes && !phonemes->empty();
  if (scene->text.empty() && scene->audio_url.empty() && !has_phonemes) {
    return problem(Error{ErrorCode::invalid_text, "give a text to say, or the phonemes to show"});
  }
  const double duration_s = call.body.number("duration").value_or(0);
  const bool speaks = !scene->text.empty() || !scene->audio_url.empty();
  auto take =
      speaks ? rehearse(service, *std::move(scene), service.speech_deadline(call), 0, Samples::kept)
             : mimed_take(*std::move(scene), *phonemes, duration_s);
  if (!take) return problem(take.error());
  const OutputFormat format = output_format(call.body.text("format") == "webm" ? "webm" : "mp4");
  Render render = render_row(call, take->scene, format, "");
  if (auto stored = store_film(
          service, {take->scene, take->performance, std::move(take->samples), take->margins}, {},
          service.render_deadline(call), render, frames_of(call));
      !stored) {
    return problem(stored.error());
  }
  if (auto recorded = service.record(call, {render}); !recorded) return problem(recorded.error());
  const std::string url = "/renders/" + render.file_path;
  return json_reply(
      {{"video_id", render.frame_id},
       {"video_path",
        (fs::path(service.settings.renders_dir) / render.file_path).lexically_normal().string()},
       {"video_url", url},
       {"duration", static_cast<double>(render.duration_ms) / 1000},
       {"model_used", take->scene.model_id},
       {"metadata",
        {{"width", render.width},
         {"height", render.height},
         {"fps", take->scene.frames_per_s},
         {"format", render.format},
         {"file_size", render.file_size},
         {"voice", speaks ? json::value(take->scene.voice) : json::value()},
         {"phonemes", take->performance.timeline().phones.size()},
         {"timing",
          take->performance.timeline().timing == Timing::exact ? "exact" : "estimated"}}}});
}

}  // namespace

void add_render_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("render",
              [&](const Call& call) { return render(service, call, avatar_of_body(call)); });
  http.handle("renderAvatar",
              [&](const Call& call) { return render(service, call, call.path("avatar_id")); });
  http.handle("renderSequence", [&](const Call& call) { return render_sequence(service, call); });
  http.handle("getSnapshot", [&](const Call& call) { return snapshot(service, call); });
  http.handle("takeSnapshot", [&](const Call& call) { return snapshot(service, call); });
  http.handle("getPerformance", [&](const Call&) { return performance(service); });
  http.handle("renderLipsync", [&](const Call& call) { return render_lipsync(service, call); });
  service.jobs.offer("render",
                     [&](const Call& call) { return render(service, call, avatar_of_body(call)); });
  service.jobs.offer("renderSequence",
                     [&](const Call& call) { return render_sequence(service, call); });
  service.jobs.offer("renderLipsync",
                     [&](const Call& call) { return render_lipsync(service, call); });
}

}  // namespace vivavox
