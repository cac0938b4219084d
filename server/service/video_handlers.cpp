// Videos as answers: streamed while they are rendered, or made from a recording.
#include <algorithm>
#include <cmath>

#include "engine/face/idle_loop.h"
#include "server/assets/sha256.h"
#include "server/json_text.h"
#include "server/recording_file.h"
#include "server/service/broadcast.h"
#include "server/service/files_of_service.h"
#include "server/service/film_job.h"
#include "server/service/form.h"
#include "server/service/job_work.h"
#include "server/service/jobs.h"
#include "server/service/phoneme_list.h"
#include "server/service/scene.h"
#include "server/service/service.h"
#include "server/service/stored_render.h"
#include "server/work/priority.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// How long a film is, but for its margins, in which only the mood changes.
constexpr double change_s = 0.4;

/// How a film begins, and what follows.
struct Opening {
  Take take;
  ClauseSource next;
};

Result<std::optional<SpeechClause>> nothing_more() {
  return std::nullopt;
}

/// The scene of a film that is watched while it is made.
Result<Scene> live_scene(Service& service, const Call& call, const std::string& avatar_id) {
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return scene;
  scene->quality = film_quality;
  const auto mood = call.body.text("mood");
  const auto intensity = call.body.number("intensity");
  if (mood) scene->mood = *mood;
  if (mood || intensity) scene->intensity = intensity.value_or(1);
  return scene;
}

/// Where its client shows idle loops, a film is one with them.
Result<Take> joined_where_asked(const Call& call, Result<Take> take) {
  const auto at_s = call.body.number("loop_at_s");
  if (!take || !at_s) return take;
  const MoodMark before{
      .mood = call.body.text("loop_mood").value_or(take->scene.mood),
      .intensity = call.body.number("loop_intensity")
                       .value_or(call.body.text("loop_mood") ? 1 : take->scene.intensity)};
  return joining_loops(*std::move(take), *at_s, before);
}

/// Of a stored audio all is there; of a text the first clause, to begin with.
Result<Opening> open_film(Service& service, const Call& call) {
  const std::string avatar_id = call.body.text("avatar_id").value_or("default");
  auto scene = live_scene(service, call, avatar_id);
  if (!scene) return std::unexpected(scene.error());
  if (const auto voice = call.body.text("voice"); voice && !voice->empty()) {
    scene->voice = service.voices.resolve(*voice);
  }
  if (!scene->audio_url.empty()) {
    auto take =
        rehearse(service, *std::move(scene), service.speech_deadline(call), 0, Samples::kept);
    take = joined_where_asked(call, std::move(take));
    if (!take) return std::unexpected(take.error());
    return Opening{*std::move(take), nothing_more};
  }
  const auto nothing = [] { return fail(ErrorCode::invalid_text, "give a text to say"); };
  if (scene->text.empty() && call.body.number("loop_at_s")) {
    // From one loop to another there is something to see.
    auto take = joined_where_asked(call, silent_take(*std::move(scene), change_s));
    if (!take) return std::unexpected(take.error());
    return Opening{*std::move(take), nothing_more};
  }
  if (scene->text.find_first_not_of(" \t\r\n") == scene->text.npos) return nothing();
  auto next = service.voices.clauses_of(scene->text, scene->voice, service.speech_deadline(call));
  if (!next) return std::unexpected(next.error());
  auto first = (*next)();
  if (!first) return std::unexpected(first.error());
  if (!*first) return nothing();
  auto take = joined_where_asked(call, take_of(*std::move(scene), std::move((*first)->timeline),
                                               std::move((*first)->samples), spoken_margins));
  if (!take) return std::unexpected(take.error());
  return Opening{*std::move(take), *std::move(next)};
}

/// A place for one more who watches what is drawn just now. Nobody waits long for it: a face that
/// answers later is worse than another that answers at once.
Result<Gate::Pass> place_of_viewer(Service& service, const Call& call) {
  constexpr std::chrono::seconds patience{3};
  return service.viewers.enter({"the queue of MAX_VIEWERS", patience, call.objection});
}

Reply generate(Service& service, const Call& call) {
  auto place = place_of_viewer(service, call);
  if (!place) return problem(place.error());
  auto opening = open_film(service, call);
  if (!opening) return problem(opening.error());
  const bool is_mp4 = call.body.text("format") == "mp4";
  auto begun = Broadcast::start(service, call, is_mp4 ? StreamFormat::mp4 : StreamFormat::webm,
                                std::move(opening->take), std::move(opening->next));
  if (!begun) return problem(begun.error());
  const std::shared_ptr<Broadcast> broadcast = *std::move(begun);
  auto first_bytes = broadcast->next();
  if (!first_bytes) return problem(first_bytes.error());
  Reply reply{.content_type = is_mp4 ? "video/mp4" : "video/webm"};
  const auto kept_place = std::make_shared<Gate::Pass>(*std::move(place));
  reply.stream = [&service, kept_place, broadcast,
                  bytes = *std::move(first_bytes)](const StreamSink& sink) mutable {
    Result<std::string> part = std::move(bytes);
    for (; part && !part->empty(); part = broadcast->next()) {
      if (!sink(*part)) return false;
    }
    if (!part) {
      service.log.write(LogLevel::warning, "a film is broken off",
                        {{"what", part.error().message}});
    }
    return part.has_value();
  };
  return reply;
}

// --- idle loops ---------------------------------------------------------------------

std::optional<Reply> kept_loop(Service& service, const std::string& digest) {
  const auto render = service.store.render_of_request(digest);
  if (!render) return std::nullopt;
  const auto path = service.renders.resolve(render->file_path);
  if (!path) return std::nullopt;
  service.storage.note_use(render->file_path);
  return file_reply(service, *path, "video/mp4", false);
}

/// Films a round of the scene's idle loop, and keeps it as a render.
Result<void> film_loop(Service& service, const Call& call, Scene scene, std::string digest) {
  Render render = render_row(call, scene, output_format("mp4"), std::move(digest));
  auto take = loop_of(std::move(scene));
  if (!take) return std::unexpected(take.error());
  auto film = Broadcast::start(service, call, StreamFormat::mp4, *std::move(take), nothing_more);
  if (!film) return std::unexpected(film.error());
  auto file = service.renders.stage(".mp4");
  if (!file) return std::unexpected(file.error());
  Result<std::string> part;
  while ((part = (*film)->next()) && !part->empty()) {
    if (auto written = file->append(*part); !written) return written;
  }
  if (!part) return std::unexpected(part.error());
  render.file_size = static_cast<std::int64_t>(file->size_bytes());
  render.duration_ms = std::llround(1000 * idle_loop_s);
  if (auto put = service.renders.put(*std::move(file), render.file_path); !put) return put;
  return service.record(call, {render});
}

Reply get_loop(Service& service, const Call& given) {
  // What a film's body says, a loop's query does.
  Call call = given;
  call.body = given.query;
  auto scene = live_scene(service, call, call.path("avatar_id"));
  if (!scene) return problem(scene.error());
  scene->voice.clear();
  const std::string digest = digest_of(*scene, "loop", idle_loop_s);
  if (auto kept = kept_loop(service, digest)) return *std::move(kept);
  // Who comes while it is filmed waits for it.
  const auto turn = service.loops.enter(service.render_deadline(call));
  if (!turn) return problem(turn.error());
  if (auto kept = kept_loop(service, digest)) return *std::move(kept);
  if (auto filmed = film_loop(service, call, *std::move(scene), digest); !filmed) {
    return problem(filmed.error());
  }
  if (auto kept = kept_loop(service, digest)) return *std::move(kept);
  return problem(503, "there is no room for another render: raise MAX_RENDERS");
}

// --- stored -------------------------------------------------------------------------

/// A job's film, stored.
Reply stored_film(Service& service, const Call& call, Take take, ClauseSource next,
                  const OutputFormat& format) {
  const int frames_per_s = take.scene.frames_per_s;
  Render render = render_row(call, take.scene, format, "");
  if (auto stored = store_film(service, std::move(take), std::move(next),
                               service.render_deadline(call), render, frames_of(call));
      !stored) {
    return problem(stored.error());
  }
  if (auto recorded = service.record(call, {render}); !recorded) return problem(recorded.error());
  return json_reply({{"video_id", render.frame_id},
                     {"video_url", "/renders/" + render.file_path},
                     {"duration", static_cast<double>(render.duration_ms) / 1000},
                     {"metadata",
                      {{"width", render.width},
                       {"height", render.height},
                       {"fps", frames_per_s},
                       {"format", render.format},
                       {"file_size", render.file_size}}}});
}

Reply generate_stored(Service& service, const Call& call) {
  auto opening = open_film(service, call);
  if (!opening) return problem(opening.error());
  return stored_film(service, call, std::move(opening->take), std::move(opening->next),
                     output_format(*call.body.text("format")));
}

// --- from a recording ---------------------------------------------------------------

Reply missing_field(const char* name) {
  return {.status = 422,
          .body = json_text(
              to_json(std::vector<Violation>{{{"body", name}, "Field required", "missing"}}))};
}

Result<Speech> timed_by(const json::array& phonemes, Recording recording) {
  const double duration_s =
      static_cast<double>(recording.samples.size()) / recording.sample_rate_hz;
  auto timeline = timeline_of_phonemes(phonemes, duration_s, recording.sample_rate_hz);
  if (!timeline) return std::unexpected(timeline.error());
  return Speech{*std::move(timeline), std::move(recording.samples)};
}

/// The recording's Timeline: by phonemes, by text, or as it is heard.
Result<Speech> speech_of_form(Service& service, const Call& call, const Form& form,
                              const std::string& voice) {
  const std::string text = form.field("text"), phonemes = form.field("phonemes");
  const Deadline deadline = service.speech_deadline(call);
  const auto pass = enter_with_recording(service, form.file->size_bytes(), !text.empty(), deadline);
  if (!pass) return std::unexpected(pass.error());
  auto recording = read_recording(form.file->path(), longest_recording_s, deadline);
  if (!recording) return std::unexpected(recording.error());
  if (phonemes.empty()) return service.align(text, voice, *std::move(recording), deadline);
  boost::system::error_code error;
  const json::value list = json::parse(phonemes, error);
  if (error || !list.is_array()) {
    return fail(ErrorCode::invalid_json, "phonemes is no JSON list");
  }
  return timed_by(list.as_array(), *std::move(recording));
}

/// The same of a stored audio; without phonemes or a text, with the times that were stored.
Result<Speech> speech_of_stored(Service& service, const Call& call, const std::string& voice) {
  const Deadline deadline = service.speech_deadline(call);
  auto speech = stored_speech(service, call.caller.viewer, *call.body.text("audio_url"), deadline);
  if (!speech) return speech;
  const std::string text = call.body.text("text").value_or("");
  const json::array* phonemes = call.body.list("phonemes");
  const bool has_phonemes = phonemes && !phonemes->empty();
  if (!has_phonemes && text.empty()) return speech;
  Recording recording{.sample_rate_hz = speech->timeline.sample_rate_hz,
                      .samples = std::move(speech->samples)};
  if (has_phonemes) return timed_by(*phonemes, std::move(recording));
  const auto pass = enter_with_recording(service, 0, true, deadline);
  if (!pass) return std::unexpected(pass.error());
  return service.align(text, voice, std::move(recording), deadline);
}

/// The film as a file that is served from here, and has no name by then.
Result<std::shared_ptr<const ServedFile>> film_to_file(Service& service, Take take,
                                                       const Deadline& deadline) {
  auto file = service.renders.stage(".mp4");
  if (!file) return std::unexpected(file.error());
  if (auto filmed = shoot(service, std::move(take), {}, deadline, file->path(), nullptr); !filmed) {
    return std::unexpected(filmed.error());
  }
  return ServedFile::open(file->path(), "video/mp4", random_hex(16), false);
}

/// What is filmed of a stored audio.
Result<Take> take_of_stored(Service& service, const Call& call) {
  auto scene = scene_of(service, call, call.body.text("avatar_id").value_or("default"));
  if (!scene) return std::unexpected(scene.error());
  scene->quality = film_quality;
  auto speech = speech_of_stored(service, call, scene->voice);
  if (!speech) return std::unexpected(speech.error());
  return take_of(*std::move(scene), std::move(speech->timeline), std::move(speech->samples));
}

Reply film_reply(Service& service, const Call& call, Result<Take> take) {
  if (!take) return problem(take.error());
  auto video = film_to_file(service, *std::move(take), service.render_deadline(call));
  if (!video) return problem(video.error());
  return {.file = *std::move(video)};
}

Reply generate_from_audio_stored(Service& service, const Call& call) {
  auto take = take_of_stored(service, call);
  if (!take) return problem(take.error());
  return stored_film(service, call, *std::move(take), {}, output_format("mp4"));
}

Reply generate_from_audio(Service& service, const Call& call) {
  if (!call.reader) return film_reply(service, call, take_of_stored(service, call));
  if (!call.reader->is_multipart()) return missing_field("audio_file");
  const auto form =
      receive_form(call, service.renders, "audio_file", service.settings.max_file_size_bytes);
  if (!form) return problem(form.error());
  if (!form->file) return missing_field("audio_file");
  const std::string avatar = form->field("avatar_id");
  const std::string avatar_id = avatar.empty() ? "default" : avatar;
  if (auto covered = check_token_for(call, avatar_id); !covered) return problem(covered.error());
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return problem(scene.error());
  scene->quality = film_quality;
  for (const auto& [name, side] :
       {std::pair("width", &scene->width_px), std::pair("height", &scene->height_px)}) {
    const std::string given = form->field(name);
    if (given.empty()) continue;
    const auto size = resolution_of(json::string(given));
    if (!size) {
      return problem(Error{ErrorCode::invalid_argument,
                           std::string(name) + " is a whole number of pixels, 64 to 4096"});
    }
    *side = size->width_px;
  }
  auto speech = speech_of_form(service, call, *form, scene->voice);
  if (!speech) return problem(speech.error());
  return film_reply(
      service, call,
      take_of(*std::move(scene), std::move(speech->timeline), std::move(speech->samples)));
}

}  // namespace

void add_video_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("generate", [&](const Call& call) { return generate(service, call); });
  http.handle("getLoop", [&](const Call& call) { return get_loop(service, call); });
  http.handle("generateFromAudio",
              [&](const Call& call) { return generate_from_audio(service, call); });
  service.jobs.offer("generate", [&](const Call& call) { return generate_stored(service, call); });
  service.jobs.offer("generateFromAudio",
                     [&](const Call& call) { return generate_from_audio_stored(service, call); });
}

}  // namespace vivavox
