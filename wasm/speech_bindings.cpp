// speech.wasm: the engine's speech for JavaScript. Runs in a worker.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <emscripten/bind.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <cstdio>
#include <memory>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_voices.h"
#include "engine/speech/onnx_graph.h"
#include "engine/speech/piper_request.h"
#include "wasm/embind.h"

namespace vivavox {
namespace {

namespace json = boost::json;
using emscripten::val;

const std::string data_folder = "/espeak-ng-data";

void add_data_file(const std::string& path, const val& bytes) {
  mkdir(data_folder.c_str(), 0777);
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    mkdir((data_folder + "/" + path.substr(0, slash)).c_str(), 0777);
  }
  const auto content = emscripten::convertJSArrayToNumberVector<std::uint8_t>(bytes);
  std::FILE* file = std::fopen((data_folder + "/" + path).c_str(), "wb");
  const bool is_written =
      file && std::fwrite(content.data(), 1, content.size(), file) == content.size();
  if (file) std::fclose(file);
  if (!is_written) throw_in_js({ErrorCode::io_failed, "could not keep the data file " + path});
}

EspeakEngine& engine() {
  static std::unique_ptr<EspeakEngine> opened;
  if (!opened) opened = value_or_throw(EspeakEngine::open(data_folder));
  return *opened;
}

std::string data_files_for(const std::string& voice) {
  return json::serialize(json::value_from(data_files(value_or_throw(find_voice(voice)))));
}

std::string voices() {
  json::array list;
  for (const EspeakVoice& voice : espeak_voices()) {
    list.push_back({{"voice", "espeak:" + std::string(voice.language)},
                    {"language", voice.language},
                    {"name", voice.name}});
  }
  return json::serialize(list);
}

val to_js(const SpeechClause& clause) {
  val object = val::object();
  object.set("timelineJson", to_json(clause.timeline));
  object.set("samples", typed_array(std::span(clause.samples)));
  return object;
}

std::unique_ptr<EspeakRequest> speak_espeak(const std::string& text, const std::string& voice,
                                            const std::string& options) {
  return std::make_unique<EspeakRequest>(value_or_throw(EspeakRequest::create(
      engine(), text, voice, value_or_throw(speech_options_from_json(options)))));
}

val next(EspeakRequest& request) {
  const auto clause = value_or_throw(request.next());
  return clause ? to_js(*clause) : val::null();
}

/// A request keeps its voice's settings alive.
struct PiperVoice {
  std::shared_ptr<const PiperConfig> config;
};

std::unique_ptr<PiperVoice> read_piper_voice(const std::string& config_json) {
  return std::make_unique<PiperVoice>(PiperVoice{
      std::make_shared<PiperConfig>(value_or_throw(piper_config_from_json(config_json)))});
}

std::string espeak_voice(const PiperVoice& voice) {
  return "espeak:" + std::string(voice.config->espeak_voice.language);
}

std::unique_ptr<PiperRequest> speak_piper(const PiperVoice& voice, const std::string& text,
                                          const std::string& options) {
  return std::make_unique<PiperRequest>(value_or_throw(PiperRequest::create(
      engine(), voice.config, text, value_or_throw(speech_options_from_json(options)))));
}

val next_input(PiperRequest& request) {
  const auto input = value_or_throw(request.next_input());
  if (!input) return val::null();
  val object = val::object();
  object.set("ids", typed_array(std::span(input->ids)));
  object.set("scales", typed_array(std::span<const float>(input->scales)));
  object.set("speaker", input->speaker);
  return object;
}

val complete(PiperRequest& request, const val& samples, const val& frames) {
  const auto sound = emscripten::convertJSArrayToNumberVector<float>(samples);
  const auto durations = frames.isNull() ? std::vector<float>{}
                                         : emscripten::convertJSArrayToNumberVector<float>(frames);
  return to_js(value_or_throw(request.complete(sound, durations)));
}

/// The durations' name, or "" where the model has none that could be made an output.
std::string find_durations_output(const val& read, double size) {
  const auto read_bytes = [&read](std::uint64_t offset, std::size_t length) {
    const val bytes = read(static_cast<double>(offset), static_cast<double>(length));
    return Result<std::vector<std::uint8_t>>(
        emscripten::convertJSArrayToNumberVector<std::uint8_t>(bytes));
  };
  return value_or_throw(read_piper_graph(static_cast<std::uint64_t>(size), read_bytes)).durations;
}

val durations_output_suffix(const std::string& name) {
  const std::vector<std::uint8_t> suffix = output_suffix(name);
  return typed_array(std::span(suffix));
}

EMSCRIPTEN_BINDINGS(speech) {
  emscripten::function("addDataFile", &add_data_file);
  emscripten::function("dataFilesFor", &data_files_for);
  emscripten::function("voices", &voices);
  emscripten::function("speakEspeak", &speak_espeak);
  emscripten::class_<EspeakRequest>("EspeakRequest").function("next", &next);
  emscripten::function("readPiperVoice", &read_piper_voice);
  emscripten::function("findDurationsOutput", &find_durations_output);
  emscripten::function("durationsOutputSuffix", &durations_output_suffix);
  emscripten::class_<PiperVoice>("PiperVoice")
      .function("espeakVoice", &espeak_voice)
      .function("speak", &speak_piper);
  emscripten::class_<PiperRequest>("PiperRequest")
      .function("nextInput", &next_input)
      .function("complete", &complete);
}

}  // namespace
}  // namespace vivavox
