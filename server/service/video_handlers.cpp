// Videos as answers: streamed while they are rendered, or made from a recording.
#include <algorithm>
#include <thread>

#include "server/assets/sha256.h"
#include "server/json_text.h"
#include "server/recording_file.h"
#include "server/service/film_job.h"
#include "server/service/phoneme_list.h"
#include "server/service/scene.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr double longest_recording_s = 120;
constexpr std::size_t longest_field_bytes = std::size_t{1} << 20;

/// A film on its way to the client that asked for it: one thread speaks, the studio
/// films, ffmpeg encodes, and the connection's own thread sends. Whatever ends one
/// of them ends all.
class Broadcast {
 public:
  /// The take begins with the text's first clause; `next` gives those that follow.
  static Result<std::unique_ptr<Broadcast>> start(Service& service, const Call& call, Take take,
                                                  ClauseSource next) {
    auto writer = VideoWriter::stream_webm(video_format_of(take));
    if (!writer) return std::unexpected(writer.error());
    return std::unique_ptr<Broadcast>(new Broadcast(service, service.render_deadline(call),
                                                    std::move(take), *std::move(writer),
                                                    std::move(next)));
  }

  /// The film is not wanted any more, or has come to its end.
  ~Broadcast() {
    clauses_.close();
    writer_.cancel();
    film_.reset();
    speaking_.join();
  }

  /// The next bytes of the video, none after its end. Errors: what broke it off.
  Result<std::string> next() {
    while (true) {
      auto bytes = writer_.read(patience_ms);
      if (bytes && !bytes->empty()) return *std::move(bytes);
      const auto filmed = film_->outcome();
      if (filmed && !*filmed) return std::unexpected(filmed->error());
      if (filmed) {
        // The last frame is with the encoder, which now needs to hear so.
        auto finished = writer_.finish(0);
        if (!finished) return std::unexpected(finished.error());
        if (*finished && bytes) return std::string();
      }
      if (auto goes_on = deadline_.check(); !goes_on) return std::unexpected(goes_on.error());
    }
  }

 private:
  static constexpr int patience_ms = 50;

  Broadcast(Service& service, Deadline deadline, Take take, VideoWriter writer, ClauseSource next)
      : deadline_(std::move(deadline)),
        writer_(std::move(writer)),
        model_(take.scene.model),
        job_(service.studio, std::move(take), writer_, deadline_, &clauses_),
        film_(service.studio.submit(JobKind::film, model_, deadline_,
                                    [this](Stage& stage) { return job_.turn(stage); })),
        speaking_([this, next = std::move(next)] { speak(next); }) {}

  void speak(const ClauseSource& next) {
    while (true) {
      auto clause = next();
      if (!clause || !*clause) {
        clauses_.end(clause ? Result<void>() : std::unexpected(clause.error()));
        return;
      }
      if (!clauses_.push(*std::move(*clause))) return;
    }
  }

  Deadline deadline_;
  ClauseQueue clauses_;
  VideoWriter writer_;
  fs::path model_;
  FilmJob job_;
  std::optional<Studio::Ticket> film_;
  std::thread speaking_;
};

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
  auto next = service.voices.clauses_of(scene->text, scene->voice, service.speech_deadline(call));
  if (!next) return problem(next.error());
  auto first = (*next)();
  if (!first) return problem(first.error());
  if (!*first) return problem(Error{ErrorCode::invalid_text, "the text has nothing to say"});
  auto take =
      take_of(*std::move(scene), std::move((*first)->timeline), std::move((*first)->samples));
  if (!take) return problem(take.error());
  auto begun = Broadcast::start(service, call, *std::move(take), *std::move(next));
  if (!begun) return problem(begun.error());
  const std::shared_ptr<Broadcast> broadcast = *std::move(begun);
  auto first_bytes = broadcast->next();
  if (!first_bytes) return problem(first_bytes.error());
  Reply reply{.content_type = "video/webm"};
  reply.stream = [&service, broadcast,
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

/// The film as a file that is served from here, and has no name by then.
Result<std::shared_ptr<const ServedFile>> film_to_file(Service& service, Take take,
                                                       const Deadline& deadline) {
  auto file = service.renders.stage(".mp4");
  if (!file) return std::unexpected(file.error());
  if (auto filmed = shoot(service.studio, std::move(take), deadline, file->path()); !filmed) {
    return std::unexpected(filmed.error());
  }
  return ServedFile::open(file->path(), "video/mp4", random_hex(16), false);
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
  auto video = film_to_file(service, *std::move(take), service.render_deadline(call));
  if (!video) return problem(video.error());
  return {.file = *std::move(video)};
}

}  // namespace

void add_video_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("generate", [&](const Call& call) { return generate(service, call); });
  http.handle("generateFromAudio",
              [&](const Call& call) { return generate_from_audio(service, call); });
}

}  // namespace vivavox
