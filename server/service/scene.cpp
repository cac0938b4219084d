#include "server/service/scene.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <format>

#include "engine/face/idle_loop.h"
#include "engine/face/random.h"
#include "engine/stage/appearance.h"
#include "server/assets/sha256.h"
#include "server/cartoon.h"
#include "server/film.h"
#include "server/service/config.h"
#include "server/service/looks.h"
#include "server/service/models.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr int least_side_px = 64;

std::optional<View> view_given(const Call& call) {
  const json::value* camera = call.body.any("camera");
  if (camera && camera->is_object()) camera = camera->as_object().if_contains("view");
  return camera && camera->is_string() ? view_of_word(camera->as_string()) : std::nullopt;
}

void take_size(const Call& call, const json::object& config, Scene& scene) {
  auto size = resolution_of(config.at("resolution")).value_or(Resolution{512, 512});
  if (const json::value* own = call.body.any("resolution")) {
    size = resolution_of(*own).value_or(size);
  }
  scene.width_px = static_cast<int>(call.body.whole("width").value_or(size.width_px));
  scene.height_px = static_cast<int>(call.body.whole("height").value_or(size.height_px));
}

void take_background(const Call& call, Scene& scene) {
  const std::string word = call.body.text("background").value_or("");
  if (word.empty()) return;
  if (word == "transparent" || word == "none") {
    scene.background.reset();
  } else {
    scene.background = color_of_word(word).value_or(studio_grey);
  }
}

/// The mood: of the prompt, else of the avatar's state.
void take_mood(const Prompt& prompt, const json::object& state, Scene& scene) {
  const json::value* emotion = state.if_contains("emotion");
  const json::value* intensity = state.if_contains("intensity");
  if (prompt.mood) {
    scene.mood = *prompt.mood;
  } else if (emotion && emotion->is_string()) {
    scene.mood = mood_of_word(emotion->as_string()).value_or("neutral");
    if (intensity && intensity->is_number()) {
      scene.intensity = std::clamp(intensity->to_number<double>(), 0.0, 1.0);
    }
  }
}

/// Another model than the one they were chosen for may not have them all.
Result<void> take_models_traits(Service& service, const Model& model, Scene& scene) {
  if (scene.traits.empty()) return {};
  const auto own = service.model_traits.of(model);
  if (!own) return std::unexpected(own.error());
  std::erase_if(scene.traits, [&](const TraitChoice& choice) {
    return !chosen_values(**own, std::span(&choice, 1));
  });
  return {};
}

bool is_true(const json::value& value) {
  if (value.is_bool()) return value.as_bool();
  if (value.is_int64()) return value.as_int64() > 0;
  return !value.is_string() || (value.as_string() != "none" && value.as_string() != "off");
}

Quality quality_of(const Scene& scene) {
  // The service's word for the quickest.
  Quality quality = quality_named(scene.quality == "fast" ? "minimal" : scene.quality)
                        .value_or(quality_levels[1]);
  // Four samples of the largest picture would take twice its time.
  constexpr double most_pixels = 2048.0 * 2048.0;
  const double pixels = quality.scale * quality.scale * scene.width_px * scene.height_px;
  if (!scene.antialiasing || pixels > most_pixels) quality.samples = 1;
  return quality;
}

/// A film between loops is longer at its end: the head comes back from where it was.
constexpr FilmMargins joined_margins{performance_lead_s, 0.6};

/// How much of a moment of such a film is the loop's: all at its ends.
double loop_share(const LoopJoin& join, const FilmMargins& margins, double film_s, double left_s) {
  if (join.is_loop) return 1;
  return 1 - smoothstep(std::min(film_s / margins.lead_s, left_s / margins.tail_s));
}

FacePose pose_at(const Take& take, double t_s) {
  FacePose pose = take.performance.pose(t_s);
  if (!take.join) return pose;
  const double film_s = t_s + take.margins.lead_s;
  const auto frames = frame_count(take.performance, take.margins, take.scene.frames_per_s);
  const double left_s = static_cast<double>(frames) / take.scene.frames_per_s - film_s;
  const double share = loop_share(*take.join, take.margins, film_s, left_s);
  if (share <= 0) return pose;
  // Before the film is half over it comes from one loop, then it goes to the next.
  const LoopJoin& join = *take.join;
  return mixed(pose,
               film_s < left_s ? looped_pose(join.before, join.at_s + film_s)
                               : looped_pose(join.after, -left_s),
               share);
}

/// Face and mood as they idle.
Result<Performance> idle_of(const Scene& scene, const MoodMark& mood) {
  Timeline silence;
  silence.sample_rate_hz = silence_hz;
  return Performance::create(std::move(silence), {.moods = {mood}, .seed = scene.seed});
}

}  // namespace

std::optional<Resolution> resolution_of(const json::value& value) {
  Resolution size;
  if (value.is_int64()) {
    size.width_px = size.height_px =
        static_cast<int>(std::clamp<std::int64_t>(value.as_int64(), 0, 1 << 20));
  } else if (const auto* list = value.if_array(); list && list->size() == 2) {
    size = {static_cast<int>((*list)[0].as_int64()), static_cast<int>((*list)[1].as_int64())};
  } else if (const auto* text = value.if_string()) {
    const char* end = text->data() + text->size();
    const auto [middle, error] = std::from_chars(text->data(), end, size.width_px);
    if (error != std::errc()) return std::nullopt;
    if (middle == end) {
      size.height_px = size.width_px;
    } else if (*middle != 'x' || std::from_chars(middle + 1, end, size.height_px).ptr != end) {
      return std::nullopt;
    }
  }
  const auto fits = [](int side) { return side >= least_side_px && side <= max_picture_side_px; };
  return fits(size.width_px) && fits(size.height_px) ? std::optional(size) : std::nullopt;
}

/// The avatar's own looks over the configuration's, and the request's over both.
Result<Scene> scene_of(Service& service, const Call& call, const std::string& avatar_id) {
  const auto config = read_config(service.store);
  if (!config) return std::unexpected(config.error());
  const auto avatar = service.store.avatar(avatar_id, call.caller.viewer);
  if (!avatar) return std::unexpected(avatar.error());
  const json::object state = json::parse((*avatar)->state).as_object();
  Scene scene{.viewer = call.caller.viewer,
              .avatar_id = avatar_id,
              .prompt = call.body.text("prompt").value_or(""),
              .background = studio_grey,
              .quality = std::string(config->at("quality").as_string()),
              .shading = std::string(config->at("shading").as_string()),
              .antialiasing = is_true(config->at("antialiasing")),
              .audio_url = call.body.text("audio_url").value_or(""),
              .text = call.body.text("text").value_or(""),
              .frames_per_s =
                  static_cast<int>(call.body.whole("fps").value_or(config->at("fps").as_int64()))};
  const json::object traits = json::parse((*avatar)->traits).as_object();
  take_looks(traits, state, scene);
  scene.traits = models_traits(traits);
  scene.quality = call.body.text("quality").value_or(scene.quality);
  scene.shading = call.body.text("shading").value_or(scene.shading);
  scene.lighting = call.body.text("lighting").value_or(scene.lighting);
  if (const auto seed = call.body.whole("seed")) {
    scene.seed = static_cast<std::uint32_t>(*seed & 0xFFFFFFFF);
  }
  const Prompt prompt = read_prompt(scene.prompt);
  scene.view = view_given(call).value_or(prompt.view.value_or(scene.view));
  take_size(call, *config, scene);
  take_background(call, scene);
  take_mood(prompt, state, scene);
  scene.style = prompt.style.value_or(SpeakingStyle{});
  const std::string wanted = call.body.text("model").value_or("");
  // What an avatar wears is seen by all who see the avatar.
  auto model = wanted.empty() ? model_of(service, everything, (*avatar)->model_id)
                              : model_of(service, call.caller.viewer, wanted);
  if (!model) return std::unexpected(model.error());
  scene.model_id = model->model_id;
  scene.model = model->path;
  if (auto worn = take_models_traits(service, *model, scene); !worn)
    return std::unexpected(worn.error());
  const auto voice = voice_for(service, call, avatar_id, "voice_id");
  if (!voice) return std::unexpected(voice.error());
  scene.voice = *voice;
  return scene;
}

std::string digest_of(const Scene& scene, std::string_view format, double at_s) {
  std::error_code error;
  const auto changed =
      scene.model.empty() ? 0 : fs::last_write_time(scene.model, error).time_since_epoch().count();
  json::array background;
  if (scene.background) {
    for (const std::uint8_t channel : *scene.background) background.emplace_back(channel);
  }
  json::array traits;
  for (const auto& [trait, value] : scene.traits) traits.push_back({trait, value});
  return sha256_hex(json::serialize(json::array{VIVAVOX_VERSION,
                                                scene.viewer.owner,
                                                scene.avatar_id,
                                                scene.model.string(),
                                                changed,
                                                traits,
                                                scene.prompt,
                                                scene.mood,
                                                scene.intensity,
                                                static_cast<int>(scene.view),
                                                background,
                                                scene.width_px,
                                                scene.height_px,
                                                scene.quality,
                                                scene.shading,
                                                scene.lighting,
                                                scene.antialiasing,
                                                scene.pose,
                                                scene.animation,
                                                scene.animation_strength,
                                                std::min(scene.animation_end_s, 1e9),
                                                scene.seed,
                                                scene.audio_url,
                                                scene.text,
                                                scene.voice,
                                                scene.frames_per_s,
                                                format,
                                                at_s}));
}

Result<Take> take_of(Scene scene, Timeline timeline, std::vector<float> samples,
                     const FilmMargins& margins) {
  auto performance = Performance::create(
      std::move(timeline), {.moods = {{.mood = scene.mood, .intensity = scene.intensity}},
                            .styles = {{.style = scene.style}},
                            .seed = scene.seed,
                            .idle_start_s = 0});
  if (!performance) return std::unexpected(performance.error());
  return Take{std::move(scene), *std::move(performance), std::move(samples), margins};
}

Result<Take> joining_loops(Take take, double at_s, const MoodMark& before) {
  const Scene& scene = take.scene;
  auto leaving = idle_of(scene, before);
  auto coming = idle_of(scene, {.mood = scene.mood, .intensity = scene.intensity});
  if (!leaving || !coming) return std::unexpected((leaving ? coming : leaving).error());
  // The face idles on from where the loop is; what stands at 0 held before.
  constexpr double change_s = 0.01;
  auto performance = Performance::create(
      take.performance.timeline(),
      {.moods = {before, {.at_s = change_s, .mood = scene.mood, .intensity = scene.intensity}},
       .styles = {{.style = scene.style}},
       .seed = scene.seed,
       .idle_start_s = at_s + joined_margins.lead_s});
  if (!performance) return std::unexpected(performance.error());
  take.performance = *std::move(performance);
  // A clip's round is another than the loop's.
  take.scene.holds_clip = true;
  take.margins = joined_margins;
  take.join = LoopJoin{.before = *std::move(leaving), .after = *std::move(coming), .at_s = at_s};
  return take;
}

Result<Take> loop_of(Scene scene) {
  auto idle = idle_of(scene, {.mood = scene.mood, .intensity = scene.intensity});
  if (!idle) return std::unexpected(idle.error());
  scene.holds_clip = true;
  auto take = silent_take(std::move(scene), idle_loop_s);
  if (take) take->join = LoopJoin{.before = *idle, .after = *idle, .is_loop = true};
  return take;
}

Result<Take> silent_take(Scene scene, double length_s) {
  Timeline silence;
  silence.sample_rate_hz = silence_hz;
  silence.length_samples = std::llround(length_s * silence_hz);
  std::vector<float> samples(static_cast<std::size_t>(silence.length_samples));
  return take_of(std::move(scene), std::move(silence), std::move(samples));
}

Result<Take> rehearse(Service& service, Scene scene, const Deadline& deadline,
                      double silent_length_s, Samples wanted) {
  if (!scene.audio_url.empty() && wanted == Samples::dropped) {
    const auto audio = audio_at(service, scene.viewer, scene.audio_url);
    if (!audio) return std::unexpected(audio.error());
    auto timeline =
        stored_timeline(service, *audio, static_cast<double>(audio->duration_ms) / 1000);
    if (!timeline) return std::unexpected(timeline.error());
    return take_of(std::move(scene), *std::move(timeline), {});
  }
  if (!scene.audio_url.empty()) {
    auto stored = stored_speech(service, scene.viewer, scene.audio_url, deadline);
    if (!stored) return std::unexpected(stored.error());
    return take_of(std::move(scene), std::move(stored->timeline), std::move(stored->samples));
  }
  if (scene.text.find_first_not_of(" \t\r\n") != scene.text.npos) {
    auto speech = service.voices.speak(scene.text, scene.voice, deadline);
    if (!speech) return std::unexpected(speech.error());
    if (wanted == Samples::dropped) speech->samples = {};
    return take_of(std::move(scene), std::move(speech->timeline), std::move(speech->samples),
                   spoken_margins);
  }
  return silent_take(std::move(scene), silent_length_s);
}

Result<void> set_up(Stage& stage, const Scene& scene) {
  if (auto sized = stage.resize(scene.width_px, scene.height_px); !sized) return sized;
  if (auto worn = stage.customize(scene.traits); !worn) return worn;
  stage.set_view(scene.view);
  stage.set_background(scene.background);
  stage.set_quality(quality_of(scene));
  const auto lighting = lighting_named(scene.shading == "flat" ? "flat" : scene.lighting);
  if (!lighting) return std::unexpected(lighting.error());
  stage.set_lighting(*lighting);
  stage.hold_clip(scene.holds_clip);
  return {};
}

Image draw(Studio& studio, Stage& stage, const Take& take, double t_s, Motion& motion) {
  FacePose pose = pose_at(take, t_s);
  apply_gestures(read_prompt(take.scene.prompt), 1, pose);
  apply_gestures(read_prompt(take.scene.pose), 1, pose);
  if (t_s < take.scene.animation_end_s) {
    apply_gestures(read_prompt(take.scene.animation), take.scene.animation_strength, pose);
  }
  stage.set_pose(pose, t_s, motion);
  Image image = studio.draw(stage);
  return take.scene.shading == "toon" ? cartoon(std::move(image)) : image;
}

}  // namespace vivavox
