// Speech and lips: audio with its phonemes, visemes and words.
#include <algorithm>

#include "engine/align/resample.h"
#include "engine/media/wav.h"
#include "engine/phonetics/arpabet.h"
#include "engine/phonetics/phone_durations.h"
#include "server/assets/sha256.h"
#include "server/files.h"
#include "server/json_text.h"
#include "server/recording_file.h"
#include "server/service/form.h"
#include "server/service/phoneme_list.h"
#include "server/service/service.h"
#include "server/service/speech_json.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// What stands for the voice of an audio that was not spoken here.
constexpr const char* recorded_voice = "recording";

Error nothing_to_say() {
  return {ErrorCode::invalid_text, "give a text to speak, or an audio_url to align"};
}

Result<Recording> recording_of(Service& service, const Audio& audio) {
  const auto file = read_file(service.audios.folder() / audio.file_path);
  if (!file) return fail(ErrorCode::not_found, "the audio's file is gone");
  return read_wav({reinterpret_cast<const std::uint8_t*>(file->data()), file->size()});
}

std::int32_t sample_rate_of(const Call& call) {
  return static_cast<std::int32_t>(*call.body.whole("sample_rate"));
}

/// What the body asks for: a text spoken, or a stored audio with its text aligned.
Result<Speech> speech_of(Service& service, const Call& call, const std::string& voice) {
  const std::string text = call.body.text("text").value_or("");
  const std::string url = call.body.text("audio_url").value_or("");
  if (url.empty() && text.empty()) return std::unexpected(nothing_to_say());
  const Deadline deadline = service.speech_deadline(call);
  if (url.empty()) return service.voices.speak(text, voice, deadline);
  const auto audio = audio_at(service, call.caller.viewer, url);
  if (!audio) return std::unexpected(audio.error());
  const auto pass = service.sounds.enter(deadline, Service::most_sounds_mib);
  if (!pass) return std::unexpected(pass.error());
  auto recording = recording_of(service, *audio);
  if (!recording) return std::unexpected(recording.error());
  return service.align(text.empty() ? audio->text : text, voice, *std::move(recording), deadline);
}

/// The sound as a WAV file of `count` samples of this rate, written some seconds at a time:
/// as a whole it may take 100 MB.
Result<StagedFile> stage_wav(Service& service, const Speech& speech, const Resampler& resampler,
                             std::int32_t sample_rate_hz, std::size_t count) {
  constexpr std::size_t piece_samples = std::size_t{1} << 18;
  const auto header = wav_header(sample_rate_hz, count);
  if (!header) return std::unexpected(header.error());
  auto file = service.audios.stage();
  if (!file) return file;
  const auto append = [&](const std::vector<std::uint8_t>& bytes) {
    return file->append({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  auto written = append(*header);
  for (std::size_t at = 0; written && at < count; at += piece_samples) {
    const std::size_t size = std::min(piece_samples, count - at);
    written = append(wav_samples(resampler.part(speech.samples, at, size)));
  }
  if (!written) return std::unexpected(written.error());
  return file;
}

Result<Audio> store_audio(Service& service, const Call& call, const std::string& avatar_id,
                          const std::string& voice, std::int32_t sample_rate_hz,
                          const Speech& speech) {
  const Resampler resampler(speech.timeline.sample_rate_hz, sample_rate_hz);
  const std::size_t count = resampler.size_of(speech.samples.size());
  const auto room = service.storage.admit(2 * count);
  if (!room) return std::unexpected(room.error());
  auto file = stage_wav(service, speech, resampler, sample_rate_hz, count);
  if (!file) return std::unexpected(file.error());
  const std::string audio_id = call.new_id(16);
  Audio audio{.audio_id = audio_id,
              .avatar_id = avatar_id,
              .text = speech.timeline.text,
              .voice_id = voice,
              .duration_ms = std::llround(speech.timeline.duration_s() * 1000),
              .sample_rate = sample_rate_hz,
              .file_path = audio_id + ".wav",
              .file_size = static_cast<std::int64_t>(file->size_bytes()),
              .created_at = now_ms()};
  if (auto put = service.audios.put(*std::move(file), audio.file_path); !put) {
    return std::unexpected(put.error());
  }
  // Where this fails the row may be there after all: the sweep finds out about the file.
  const AvatarEvent event{"speech",
                          {{"audio_url", "/audios/" + audio.file_path},
                           {"text", audio.text},
                           {"duration", rounded_s(speech.timeline.duration_s())}}};
  if (auto added = service.store.add_audio(audio, phoneme_rows(speech), event, call.caller.viewer);
      !added) {
    if (added.error().code == ErrorCode::storage_full) {
      service.remove({.renders = {}, .audios = {audio.file_path}, .assets = {}});
    }
    return std::unexpected(added.error());
  }
  return audio;
}

Reply speech_reply(const Audio& audio, const Speech& speech) {
  const Timeline& timeline = speech.timeline;
  return json_reply({{"avatar_id", audio.avatar_id},
                     {"audio_id", audio.audio_id},
                     {"audio_url", "/audios/" + audio.file_path},
                     {"voice", audio.voice_id},
                     {"sample_rate", audio.sample_rate},
                     {"phonemes", phonemes_json(speech)},
                     {"visemes", visemes_json(timeline)},
                     {"words", words_json(timeline)},
                     {"duration", rounded_s(timeline.duration_s())},
                     {"duration_ms", audio.duration_ms}});
}

Reply lipsync(Service& service, const Call& call) {
  const std::string avatar_id = call.body.text("avatar_id").value_or("default");
  const auto voice = voice_for(service, call, avatar_id, "voice_id");
  if (!voice) return problem(voice.error());
  const auto speech = speech_of(service, call, *voice);
  if (!speech) return problem(speech.error());
  const auto audio = store_audio(service, call, avatar_id, *voice, sample_rate_of(call), *speech);
  return audio ? speech_reply(*audio, *speech) : problem(audio.error());
}

Reply get_audio(Service& service, const Call& call) {
  const auto audio = service.store.audio(call.path("audio_id"), call.caller.viewer);
  if (!audio) return problem(audio.error());
  const auto phonemes = service.store.phonemes(audio->audio_id);
  if (!phonemes) return problem(phonemes.error());
  json::array list;
  for (const Phoneme& one : *phonemes) {
    list.push_back({{"phoneme", one.phoneme},
                    {"ipa", one.ipa},
                    {"start_ms", one.start_ms},
                    {"end_ms", one.end_ms},
                    {"viseme", one.viseme},
                    {"confidence", one.confidence}});
  }
  return json_reply({{"audio", to_json(*audio)}, {"phonemes", std::move(list)}});
}

Reply preview_lipsync(Service& service, const Call& call) {
  const std::string avatar_id = call.body.text("avatar_id").value_or("default");
  const auto voice = voice_for(service, call, avatar_id, "voice_id");
  if (!voice) return problem(voice.error());
  const auto speech = speech_of(service, call, *voice);
  if (!speech) return problem(speech.error());
  return json_reply({{"avatar_id", avatar_id},
                     {"visemes", visemes_json(speech->timeline)},
                     {"duration", rounded_s(speech->timeline.duration_s())}});
}

/// The voice of a language as clients spell it ("en", "en_US", "espeak:de").
Result<std::string> voice_of_language(std::string language) {
  std::ranges::replace(language, '_', '-');
  if (auto voice = find_voice(language)) return language;
  auto voice = find_espeak_voice(language);
  if (!voice) return std::unexpected(voice.error());
  return "espeak:" + std::string(voice->language);
}

/// A recording is stored with the times of what is said in it: of its text where it
/// comes with one, else as it is heard.
Reply add_recording(Service& service, const Call& call) {
  const auto form =
      receive_form(call, service.audios, "audio_file", service.settings.max_file_size_bytes);
  if (!form) return problem(form.error());
  if (!form->file || form->file->size_bytes() == 0) {
    return problem(Error{ErrorCode::invalid_audio,
                         "there is no recording: send it as the body, or as the part audio_file"});
  }
  const auto given = [&](const char* name) {
    return call.query.text(name).value_or(form->field(name));
  };
  const std::string avatar = given("avatar_id");
  const std::string avatar_id = avatar.empty() ? "default" : avatar;
  if (avatar_id.size() > 200) {
    return problem(Error{ErrorCode::invalid_argument, "an avatar_id has at most 200 bytes"});
  }
  if (auto covered = check_token_for(call, avatar_id); !covered) return problem(covered.error());
  const std::string language = given("language");
  auto voice = language.empty() ? voice_for(service, call, avatar_id, "voice_id")
                                : voice_of_language(language);
  if (!voice) return problem(voice.error());
  const Deadline deadline = service.speech_deadline(call);
  const auto pass =
      enter_with_recording(service, form->file->size_bytes(), !given("text").empty(), deadline);
  if (!pass) return problem(pass.error());
  auto recording = read_recording(form->file->path(), longest_recording_s, deadline);
  if (!recording) return problem(recording.error());
  const std::int32_t sample_rate_hz = recording->sample_rate_hz;
  const auto speech = service.align(given("text"), *voice, *std::move(recording), deadline);
  if (!speech) return problem(speech.error());
  const auto audio = store_audio(service, call, avatar_id, recorded_voice, sample_rate_hz, *speech);
  return audio ? speech_reply(*audio, *speech) : problem(audio.error());
}

Reply phonemes(Service& service, const Call& call, const std::string& own_voice) {
  const std::string text = *call.body.text("text");
  auto voice = Result<std::string>(own_voice);
  if (const auto language = call.body.text("language"); language && !language->empty()) {
    voice = voice_of_language(*language);
  }
  if (!voice) return problem(voice.error());
  Timeline timeline;
  // Of nothing there are no phonemes: that is an answer, not a failure.
  if (text.find_first_not_of(" \t\r\n") != text.npos) {
    auto timed = service.voices.time(text, *voice, service.speech_deadline(call));
    if (timed) {
      timeline = *std::move(timed);
    } else if (timed.error().code != ErrorCode::synthesis_failed) {
      return problem(timed.error());
    }
  }
  json::array list;
  for (const Phone& phone : timeline.phones) {
    list.push_back({{"p", arpabet(phone.ipa)},
                    {"ipa", phone.ipa},
                    {"t", rounded_s(timeline.seconds(phone.start_samples))},
                    {"end", rounded_s(timeline.seconds(phone.end_samples))}});
  }
  json::object reply{{"text", text},
                     {"phonemes", std::move(list)},
                     {"sample_rate", *call.body.whole("sample_rate")},
                     {"duration", rounded_s(timeline.duration_s())}};
  if (!call.path_values.empty()) reply["avatar_id"] = call.path("avatar_id");
  return json_reply(reply);
}

Reply avatar_phonemes(Service& service, const Call& call) {
  const auto voice = voice_for(service, call, call.path("avatar_id"), "voice_id");
  return voice ? phonemes(service, call, *voice) : problem(voice.error());
}

Reply time_phonemes(const Call& call) {
  const double duration_s = *call.body.number("audio_duration");
  std::vector<std::string> names;
  for (const json::value& one : *call.body.list("phonemes")) {
    names.emplace_back(one.as_string());
  }
  const std::vector<double> ends_s = spread_phones(names, duration_s);
  json::array alignment;
  double start_s = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    alignment.push_back({{"phoneme", names[i]}, {"start", start_s}, {"end", ends_s[i]}});
    start_s = ends_s[i];
  }
  return json_reply({{"duration", duration_s}, {"alignment", std::move(alignment)}});
}

Reply list_visemes() {
  json::object visemes{{"SIL", viseme_of_ipa("")}};
  for (const ArpabetSymbol& entry : arpabet_symbols()) {
    // Of a symbol's several sounds the first is its proper one.
    visemes.emplace(entry.symbol, viseme_of_ipa(entry.ipa));
  }
  return json_reply({{"visemes", std::move(visemes)}});
}

/// Phonemes set for an audio lie in the configuration under this key, for each owner.
std::string set_phonemes_key(const Viewer& viewer) {
  return viewer.owner.empty() ? "set_phonemes" : "set_phonemes/" + viewer.owner;
}

Reply set_phonemes(Service& service, const Call& call) {
  const json::value* audio_url = call.body.any("audio_url");
  const json::array* phonemes = call.body.list("phonemes");
  if (!audio_url) return problem(400, "audio_url is missing");
  if (!phonemes) return problem(400, "phonemes is missing");
  const json::object kept{{"audio_url", *audio_url}, {"phonemes", *phonemes}};
  if (auto set =
          service.store.set_config({{set_phonemes_key(call.caller.viewer), json_text(kept)}});
      !set) {
    return problem(set.error());
  }
  return json_reply({{"status", "success"}, {"phoneme_count", phonemes->size()}});
}

Reply get_set_phonemes(Service& service, const Viewer& viewer) {
  const auto config = service.store.config();
  if (!config) return problem(config.error());
  json::object kept{{"audio_url", nullptr}, {"phonemes", json::array()}};
  if (const auto found = config->find(set_phonemes_key(viewer)); found != config->end()) {
    kept = json::parse(found->second).as_object();
  }
  kept["phoneme_count"] = kept.at("phonemes").as_array().size();
  return json_reply(kept);
}

}  // namespace

Result<Audio> audio_at(Service& service, const Viewer& viewer, std::string_view url) {
  std::string_view name = url.substr(url.rfind('/') + 1);
  name = name.substr(0, name.find('?'));
  auto audio = service.store.audio(std::string(name.substr(0, name.rfind('.'))), viewer);
  if (!audio && audio.error().code == ErrorCode::not_found) {
    return fail(ErrorCode::not_found, "audio_url names no audio that is stored here");
  }
  return audio;
}

Result<Gate::Pass> enter_with_recording(Service& service, std::size_t file_bytes, bool is_aligned,
                                        const Deadline& deadline) {
  // The file, its samples as floats, and what its levels are found by.
  const auto mib = static_cast<std::int64_t>(std::min(file_bytes, most_wav_bytes) >> 20);
  return service.sounds.enter(deadline, is_aligned ? Service::most_sounds_mib : 16 + 5 * mib);
}

Result<Timeline> stored_timeline(Service& service, const Audio& audio, double duration_s) {
  const auto rows = service.store.phonemes(audio.audio_id);
  if (!rows) return std::unexpected(rows.error());
  json::array list;
  for (const Phoneme& one : *rows) {
    if (one.ipa.empty()) continue;
    list.push_back({{"phoneme", one.ipa},
                    {"start", static_cast<double>(one.start_ms) / 1000},
                    {"end", static_cast<double>(one.end_ms) / 1000}});
  }
  return timeline_of_phonemes(list, duration_s, audio.sample_rate);
}

Result<Speech> stored_speech(Service& service, const Viewer& viewer, std::string_view url,
                             const Deadline& deadline) {
  const auto audio = audio_at(service, viewer, url);
  if (!audio) return std::unexpected(audio.error());
  // The file, and the samples as floats.
  const auto pass = service.sounds.enter(deadline, 1 + 3 * (audio->file_size >> 20));
  if (!pass) return std::unexpected(pass.error());
  auto recording = recording_of(service, *audio);
  if (!recording) return std::unexpected(recording.error());
  const double duration_s =
      static_cast<double>(recording->samples.size()) / recording->sample_rate_hz;
  auto timeline = stored_timeline(service, *audio, duration_s);
  if (!timeline) return std::unexpected(timeline.error());
  return Speech{*std::move(timeline), std::move(recording->samples)};
}

void add_speech_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("addRecording", [&](const Call& call) { return add_recording(service, call); });
  http.handle("lipsync", [&](const Call& call) { return lipsync(service, call); });
  http.handle("previewLipsync", [&](const Call& call) { return preview_lipsync(service, call); });
  http.handle("getAudio", [&](const Call& call) { return get_audio(service, call); });
  http.handle("getPhonemes", [&](const Call& call) {
    const auto common = service_voice(service);
    if (!common) return problem(common.error());
    return phonemes(service, call, service.voices.resolve(common->attached ? common->voice : ""));
  });
  http.handle("getAvatarPhonemes",
              [&](const Call& call) { return avatar_phonemes(service, call); });
  http.handle("timePhonemes", [](const Call& call) { return time_phonemes(call); });
  http.handle("listVisemes", [](const Call&) { return list_visemes(); });
  http.handle("setPhonemes", [&](const Call& call) { return set_phonemes(service, call); });
  http.handle("getSetPhonemes",
              [&](const Call& call) { return get_set_phonemes(service, call.caller.viewer); });
}

}  // namespace vivavox
