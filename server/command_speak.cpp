// vivavox speak: a text as sound, curves, picture and film.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "engine/face/curves.h"
#include "engine/face/mouth_cues.h"
#include "engine/media/wav.h"
#include "engine/stage/animated_glb.h"
#include "engine/unpack/packed_avatar.h"
#include "server/avatar_file.h"
#include "server/command.h"
#include "server/command_files.h"
#include "server/files.h"
#include "server/film.h"
#include "server/look_options.h"
#include "server/progress.h"
#include "server/recorded_speech.h"
#include "server/speaker.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

struct SpeakCommand {
  std::string text;
  std::string audio;
  std::string voice = "espeak:en-us";
  SpeechOptions speech;
  std::string espeak_data;
  LookOptions look;
  std::string emotion = "neutral";
  double intensity = 1;
  std::string style = "natural";
  std::uint32_t seed = 0;
  int frames_per_s = 30;
  double at_s = -1;
  std::string mouth_shapes;
  std::vector<std::string> out;
};

constexpr std::string_view speech_endings[] = {".wav",      ".json", ".srt", ".vtt",
                                               ".TextGrid", ".csv",  ".tsv", ".dat",
                                               ".glb",      ".png",  ".mp4", ".webm"};

bool is_video(const fs::path& path) {
  return path.extension() == ".mp4" || path.extension() == ".webm";
}

bool needs_stage(const fs::path& path) {
  return is_video(path) || path.extension() == ".png";
}

Result<Speech> speak(const SpeakCommand& command) {
  if (!command.audio.empty()) {
    const std::string text = command.text.empty() ? "" : text_or_input(command.text);
    return recorded_speech({command.audio, text, command.voice, command.espeak_data});
  }
  if (command.text.empty()) {
    return fail(ErrorCode::invalid_argument, "give a text to say, or a recording by --audio");
  }
  auto speaker = Speaker::open(command.espeak_data);
  if (!speaker) return std::unexpected(speaker.error());
  ProgressBar bar("speaking");
  return speaker->speak(
      text_or_input(command.text), command.voice, command.speech, [&bar](const Speech& so_far) {
        const Timeline& timeline = so_far.timeline;
        const double spoken = timeline.words.empty() ? 0 : timeline.words.back().end_bytes;
        bar.update(spoken / static_cast<double>(timeline.text.size()));
        return true;
      });
}

/// Films have no alpha.
Result<Scenery> open_scenery(const SpeakCommand& command) {
  auto scenery = Scenery::open(command.look);
  if (scenery && scenery->is_transparent() && std::ranges::any_of(command.out, is_video)) {
    return fail(ErrorCode::invalid_argument,
                "a film has no transparency: give --background a colour or a picture");
  }
  return scenery;
}

Result<void> write_curves(const Performance& performance, int frames_per_s, const fs::path& path) {
  const auto curves = curves_json(performance, frames_per_s);
  if (!curves) return std::unexpected(curves.error());
  return write_file(
      path, "{\"timeline\":" + to_json(performance.timeline()) + ",\"curves\":" + *curves + "}\n");
}

Result<void> write_curve_table(const Performance& performance, int frames_per_s,
                               const fs::path& path) {
  const auto curves = curves_csv(performance, frames_per_s);
  if (!curves) return std::unexpected(curves.error());
  return write_file(path, *curves);
}

/// Mouth shapes: Rhubarb's lines, or Moho's switch data.
Result<void> write_cues(const Timeline& timeline, const std::string& shapes, int frames_per_s,
                        const fs::path& path) {
  const bool is_moho = path.extension() == ".dat";
  const MouthShapes usual = is_moho ? MouthShapes::preston_blair : MouthShapes::rhubarb;
  const auto cues = mouth_cues(timeline, mouth_shapes(shapes).value_or(usual));
  const Result<std::string> text = is_moho ? cues_moho(cues, frames_per_s) : cues_tsv(cues);
  if (!text) return std::unexpected(text.error());
  return write_file(path, *text);
}

/// The avatar's file with the speech as an animation.
Result<void> write_animation(const SpeakCommand& command, const Performance& performance,
                             const fs::path& path) {
  const auto file = read_avatar_file(command.look.avatar);
  if (!file) return std::unexpected(file.error());
  const auto avatar = read_packed_avatar(*file);
  if (!avatar) return std::unexpected(avatar.error());
  const auto animated = animated_glb(*file, *avatar, performance, command.frames_per_s);
  if (!animated) return std::unexpected(animated.error());
  return write_file(path, *animated);
}

Result<void> write_sound(const Speech& speech, const fs::path& path) {
  const auto wav = to_wav(speech.timeline.sample_rate_hz, speech.samples);
  if (!wav) return std::unexpected(wav.error());
  return write_file(path, std::as_bytes(std::span(*wav)));
}

Result<void> write_picture(Scenery& scenery, const Performance& performance, double at_s,
                           const fs::path& path) {
  const double t_s = at_s >= 0 ? at_s : performance.duration_s() / 2;
  Motion motion;
  scenery.stage().set_pose(performance.pose(t_s), t_s, motion);
  return write_file(path, encode_png(scenery.picture()));
}

Result<void> write_output(const SpeakCommand& command, const Speech& speech,
                          const Performance& performance, std::optional<Scenery>& scenery,
                          const fs::path& path) {
  if (path.extension() == ".wav") return write_sound(speech, path);
  if (path.extension() == ".json") return write_curves(performance, command.frames_per_s, path);
  if (const auto subtitles = subtitles_of(speech.timeline, path.extension().string())) {
    return write_file(path, *subtitles);
  }
  if (path.extension() == ".glb") return write_animation(command, performance, path);
  if (path.extension() == ".csv") {
    return write_curve_table(performance, command.frames_per_s, path);
  }
  if (path.extension() == ".tsv" || path.extension() == ".dat") {
    return write_cues(speech.timeline, command.mouth_shapes, command.frames_per_s, path);
  }
  if (path.extension() == ".png") return write_picture(*scenery, performance, command.at_s, path);
  ProgressBar bar(path.filename().string());
  Motion motion;
  const auto draw = [&](double t_s) {
    scenery->stage().set_pose(performance.pose(t_s), t_s, motion);
    return scenery->picture();
  };
  const PictureSize size = scenery->size();
  return film(performance, speech.samples,
              {size.width_px, size.height_px, command.frames_per_s, speech.timeline.sample_rate_hz},
              path, draw, [&bar](double fraction) {
                bar.update(fraction);
                return true;
              });
}

Result<void> run(const SpeakCommand& command) {
  if (auto right = check_outputs(command.out, speech_endings); !right) return right;
  const auto style = speaking_style_of(command.style);
  if (!style) return std::unexpected(style.error());
  const PerformanceOptions options{
      .moods = {{.mood = command.emotion, .intensity = command.intensity}},
      .styles = {{.style = *style}},
      .seed = command.seed};
  if (auto right = Performance::create({}, options); !right) return std::unexpected(right.error());
  std::optional<Scenery> scenery;
  if (std::ranges::any_of(command.out, needs_stage)) {
    auto opened = open_scenery(command);
    if (!opened) return std::unexpected(opened.error());
    scenery = std::move(*opened);
  }
  const auto speech = speak(command);
  if (!speech) return std::unexpected(speech.error());
  const auto performance = Performance::create(speech->timeline, options);
  if (!performance) return std::unexpected(performance.error());
  for (const std::string& path : command.out) {
    if (auto done = write_output(command, *speech, *performance, scenery, path); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace

void add_speak_command(CLI::App& tool, int& status) {
  auto* command = tool.add_subcommand("speak", "Say a text: sound, curves, picture or film");
  auto options = std::make_shared<SpeakCommand>();
  command->add_option("text", options->text, "The text; - reads standard input");
  command->add_option("--audio", options->audio,
                      "A recording to be said instead of by a voice: WAV, or what ffmpeg reads. "
                      "Its times are found by the text, or what is heard without one");
  command
      ->add_option(
          "--out", options->out,
          "File to write: .wav, .json (Timeline and curves), .srt, .vtt, .TextGrid, .csv (curves, "
          "as Live Link "
          "Face has them), .tsv (mouth shapes, as Rhubarb writes them), .dat (the same for "
          "Moho), .glb (the avatar, animated), .png, .mp4, .webm")
      ->required();
  command->add_option("--voice", options->voice, "espeak:LANGUAGE, or a Piper model NAME.onnx")
      ->capture_default_str();
  command->add_option("--rate", options->speech.rate, "Speed, 0.5 to 2")->capture_default_str();
  command->add_option("--pitch", options->speech.pitch, "Pitch, 0.5 to 2 (espeak voices)")
      ->capture_default_str();
  command->add_option("--speaker", options->speech.speaker, "Of a Piper voice with several")
      ->capture_default_str();
  command->add_option("--length-scale", options->speech.length_scale, "Piper: slower above 1");
  command->add_option("--noise-scale", options->speech.noise_scale,
                      "Piper: variation of the sound");
  command->add_option("--noise-w", options->speech.noise_w, "Piper: variation of the durations");
  add_look_options(*command, options->look);
  command->add_option("--emotion", options->emotion, "Mood of the face")->capture_default_str();
  command->add_option("--intensity", options->intensity, "Of the mood, 0 to 1")
      ->capture_default_str();
  command
      ->add_option("--style", options->style,
                   "How jaw and lips move: " + speaking_style_names() + ", or JAW,LIPS from 0 to 2")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Another seed, other blinks and glances")
      ->capture_default_str();
  command->add_option("--fps", options->frames_per_s, "Frames a second")
      ->check(CLI::Range(1, 120))
      ->capture_default_str();
  command->add_option("--at", options->at_s, "Moment of a .png in seconds (default: the middle)")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--mouth-shapes", options->mouth_shapes,
                   "Of .tsv and .dat (default: rhubarb, moho)")
      ->check(CLI::IsMember({"rhubarb", "preston-blair", "moho", "azure", "oculus", "vrm"}));
  add_espeak_data_option(*command, options->espeak_data);
  command->callback([options, &status] {
    const auto done = run(*options);
    status = done ? exit_success : report(done.error());
  });
}

}  // namespace vivavox
