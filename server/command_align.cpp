// vivavox align: when the words of a text are said in a recording of it.
#include <algorithm>
#include <filesystem>
#include <format>
#include <memory>

#include "server/command.h"
#include "server/command_files.h"
#include "server/files.h"
#include "server/recorded_speech.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

struct AlignCommand {
  std::string audio;
  std::string text;
  std::string voice = "espeak:en-us";
  std::string espeak_data;
  std::vector<std::string> out;
};

constexpr std::string_view alignment_endings[] = {".json", ".srt", ".vtt", ".TextGrid"};

std::string list_of(const std::vector<std::int32_t>& words) {
  std::string list;
  for (const std::int32_t word : words) list += (list.empty() ? "" : ",") + std::to_string(word);
  return "[" + list + "]";
}

std::string json_of(const Alignment& alignment) {
  return std::format("{{\"confidence\":{:.3f},\"left_out\":{},\"repeated\":{},\"timeline\":{}}}\n",
                     alignment.confidence, list_of(alignment.left_out), list_of(alignment.repeated),
                     to_json(alignment.timeline));
}

Result<void> run(const AlignCommand& command) {
  if (auto right = check_outputs(command.out, alignment_endings); !right) return right;
  const auto aligned = align_recording(
      {command.audio, text_or_input(command.text), command.voice, command.espeak_data});
  if (!aligned) return std::unexpected(aligned.error());
  for (const fs::path path : command.out) {
    const auto subtitles = subtitles_of(aligned->timeline, path.extension().string());
    if (auto written = write_file(path, subtitles ? *subtitles : json_of(*aligned)); !written) {
      return written;
    }
  }
  return {};
}

}  // namespace

void add_align_command(CLI::App& tool, int& status) {
  auto* command =
      tool.add_subcommand("align", "Find when the words of a text are said in a recording of it");
  auto options = std::make_shared<AlignCommand>();
  command->add_option("--audio", options->audio, "The recording: WAV, or what ffmpeg reads")
      ->required();
  command->add_option("--text", options->text, "What is said in it; - reads standard input")
      ->required();
  command
      ->add_option("--out", options->out,
                   "File to write: .json (confidence and Timeline), .srt, .vtt, .TextGrid")
      ->required();
  command
      ->add_option("--voice", options->voice,
                   "espeak:LANGUAGE, or a Piper model NAME.onnx, of the text's language")
      ->capture_default_str();
  add_espeak_data_option(*command, options->espeak_data);
  command->callback([options, &status] {
    const auto done = run(*options);
    status = done ? exit_success : report(done.error());
  });
}

}  // namespace vivavox
