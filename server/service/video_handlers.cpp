// Videos as answers: streamed while they are rendered, or made from a recording.
#include <algorithm>
#include <atomic>

#include "server/files.h"
#include "server/film.h"
#include "server/json_text.h"
#include "server/recording_file.h"
#include "server/service/phoneme_list.h"
#include "server/service/scene.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr double longest_recording_s = 120;
constexpr std::size_t longest_field_bytes = std::size_t{1} << 20;

/// A video between the studio, which makes it, and the connection it goes out by.
struct Broadcast {
  Take take;
  VideoWriter writer;
  std::atomic<bool> is_abandoned = false;

  Broadcast(Take prepared, VideoWriter opened)
      : take(std::move(prepared)), writer(std::move(opened)) {}
};

/// Says so when its reply ends, sent or not.
struct Audience {
  std::shared_ptr<Broadcast> broadcast;
  std::future<Result<void>> done;
  std::string first_bytes;

  ~Audience() {
    broadcast->is_abandoned = true;
    // ffmpeg waits for someone to take what it wrote.
    while (!broadcast->writer.read().empty()) {
    }
  }

  bool send(const StreamSink& sink) {
    for (std::string bytes = std::move(first_bytes); !bytes.empty();
         bytes = broadcast->writer.read()) {
      if (!sink(bytes)) return false;
    }
    return done.get().has_value();
  }
};

Result<void> broadcast_film(Service& service, Stage& stage, Broadcast& broadcast,
                            const Deadline& deadline) {
  if (auto ready = set_up(stage, broadcast.take.scene); !ready) return ready;
  return film_into(
      broadcast.writer, broadcast.take.performance, broadcast.take.scene.frames_per_s,
      [&](double t_s) { return draw(service.studio, stage, broadcast.take, t_s); },
      [&](double) { return deadline.check().has_value(); });
}

Result<std::shared_ptr<Broadcast>> open_broadcast(Take take) {
  const Scene& scene = take.scene;
  auto writer =
      VideoWriter::stream_webm({scene.width_px, scene.height_px, scene.frames_per_s,
                                frame_count(take.performance, scene.frames_per_s)},
                               {take.samples, take.performance.timeline().sample_rate_hz});
  if (!writer) return std::unexpected(writer.error());
  return std::make_shared<Broadcast>(std::move(take), *std::move(writer));
}

Reply generate(Service& service, const Call& call) {
  const std::string avatar_id = text_of(call.body, "avatar_id").value_or("default");
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return problem(scene.error());
  scene->quality = film_quality;
  if (const auto voice = text_of(call.body, "voice"); voice && !voice->empty()) {
    scene->voice = service.voices.resolve(*voice);
  }
  if (scene->text.find_first_not_of(" \t\r\n") == scene->text.npos) {
    return problem(Error{ErrorCode::invalid_text, "the text is blank: give one to say"});
  }
  auto take = rehearse(service, *std::move(scene), service.speech_deadline(call), 0);
  if (!take) return problem(take.error());
  auto opened = open_broadcast(*std::move(take));
  if (!opened) return problem(opened.error());
  const std::shared_ptr<Broadcast> broadcast = *std::move(opened);
  const fs::path model = broadcast->take.scene.model;
  const Deadline deadline("MAX_RENDER_TIME",
                          std::chrono::seconds(service.settings.max_render_time_s),
                          [broadcast] { return broadcast->is_abandoned.load(); });
  auto done = service.studio.submit(model, deadline, [&service, broadcast, deadline](Stage& stage) {
    auto filmed = broadcast_film(service, stage, *broadcast, deadline);
    if (!filmed) broadcast->writer.cancel();
    return filmed;
  });
  auto audience = std::make_shared<Audience>(broadcast, std::move(done));
  // A job that never runs must not leave its reader waiting.
  if (audience->done.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    const auto refused = audience->done.get();
    broadcast->writer.cancel();
    if (!refused) return problem(refused.error());
  }
  audience->first_bytes = broadcast->writer.read();
  if (audience->first_bytes.empty()) {
    const auto failed = audience->done.get();
    return failed ? problem(500, "the video came out empty") : problem(failed.error());
  }
  Reply reply{.content_type = "video/webm"};
  reply.stream = [audience](const StreamSink& sink) { return audience->send(sink); };
  return reply;
}

// --- from a recording ---------------------------------------------------------------

/// A form's parts by name.
Result<std::map<std::string, std::string>> read_form(const Call& call, std::size_t most_bytes) {
  std::map<std::string, std::string> fields;
  std::string* field = nullptr;
  std::size_t most_in_field = 0;
  Result<void> well;
  const bool whole = call.reader->read(
      [&](const FormPart& part) {
        field = &fields[part.name];
        field->clear();
        most_in_field = part.name == "audio_file" ? most_bytes : longest_field_bytes;
        return fields.size() <= 32;
      },
      [&](std::string_view bytes) {
        if (field->size() + bytes.size() > most_in_field) {
          well = fail(ErrorCode::too_large, "a part of the form is larger than is allowed");
          return false;
        }
        field->append(bytes);
        return true;
      });
  if (!well) return std::unexpected(well.error());
  if (!whole) return fail(ErrorCode::invalid_argument, "the form is broken off or malformed");
  return fields;
}

Reply missing_field(const char* name) {
  return {.status = 422,
          .body = json_text(
              to_json(std::vector<Violation>{{{"body", name}, "Field required", "missing"}}))};
}

/// The recording's Timeline: by phonemes, by text, or by its loudness.
Result<Speech> speech_of_form(Service& service, const Call& call, Recording recording,
                              const std::map<std::string, std::string>& fields,
                              const std::string& voice) {
  const auto field = [&](const char* name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  };
  const std::string phonemes = field("phonemes");
  if (phonemes.empty()) {
    return service.align(field("text"), voice, std::move(recording), service.speech_deadline(call));
  }
  boost::system::error_code error;
  const json::value list = json::parse(phonemes, error);
  if (error || !list.is_array()) {
    return fail(ErrorCode::invalid_json, "phonemes is no JSON list");
  }
  const double duration_s =
      static_cast<double>(recording.samples.size()) / recording.sample_rate_hz;
  auto timeline = timeline_of_phonemes(list.as_array(), duration_s, recording.sample_rate_hz);
  if (!timeline) return std::unexpected(timeline.error());
  return Speech{*std::move(timeline), std::move(recording.samples)};
}

/// Reads the whole file, which has no name by then.
Result<std::string> film_to_bytes(Service& service, const Take& take, const Deadline& deadline) {
  auto file = service.renders.stage(".mp4");
  if (!file) return std::unexpected(file.error());
  auto filmed =
      service.studio
          .submit(take.scene.model, deadline,
                  [&](Stage& stage) { return shoot(service, stage, take, deadline, file->path()); })
          .get();
  if (!filmed) return std::unexpected(filmed.error());
  return read_text_file(file->path());
}

Reply generate_from_audio(Service& service, const Call& call) {
  if (!call.reader->is_multipart()) return missing_field("audio_file");
  const auto fields = read_form(call, service.settings.max_file_size_bytes);
  if (!fields) return problem(fields.error());
  const auto audio = fields->find("audio_file");
  if (audio == fields->end()) return missing_field("audio_file");
  auto recording = read_recording(std::as_bytes(std::span(audio->second)), longest_recording_s,
                                  service.speech_deadline(call));
  if (!recording) return problem(recording.error());
  const auto avatar = fields->find("avatar_id");
  const std::string avatar_id =
      avatar == fields->end() || avatar->second.empty() ? "default" : avatar->second;
  auto scene = scene_of(service, call, avatar_id);
  if (!scene) return problem(scene.error());
  scene->quality = film_quality;
  for (const auto& [name, side] :
       {std::pair("width", &scene->width_px), std::pair("height", &scene->height_px)}) {
    const auto given = fields->find(name);
    if (given == fields->end()) continue;
    const auto size = resolution_of(json::string(given->second));
    if (!size) {
      return problem(Error{ErrorCode::invalid_argument,
                           std::string(name) + " is a whole number of pixels, 64 to 4096"});
    }
    *side = size->width_px;
  }
  auto speech = speech_of_form(service, call, *std::move(recording), *fields, scene->voice);
  if (!speech) return problem(speech.error());
  auto take = take_of(*std::move(scene), std::move(speech->timeline), std::move(speech->samples));
  if (!take) return problem(take.error());
  auto video = film_to_bytes(service, *take, service.render_deadline(call));
  if (!video) return problem(video.error());
  return {.body = *std::move(video), .content_type = "video/mp4"};
}

}  // namespace

void add_video_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("generate", [&](const Call& call) { return generate(service, call); });
  http.handle("generateFromAudio",
              [&](const Call& call) { return generate_from_audio(service, call); });
}

}  // namespace vivavox
