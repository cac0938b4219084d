// speech.wasm: the engine's speech for JavaScript. Runs in a worker.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <emscripten/bind.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <cstdio>
#include <memory>

#include "engine/align/align.h"
#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_voices.h"
#include "engine/speech/onnx_graph.h"
#include "engine/speech/piper_request.h"
#include "engine/timeline/clause_cutter.h"
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

/// A clause for JavaScript.
val cut(ClauseCutter& cutter, SpeechClause clause) {
  val object = val::object();
  object.set("textOffset", static_cast<double>(cutter.cut(clause.timeline)));
  object.set("timelineJson", to_json(clause.timeline));
  object.set("samples", typed_array(std::span<const float>(clause.samples)));
  return object;
}

struct EspeakSpeaking {
  EspeakRequest request;
  ClauseCutter cutter;
};

std::unique_ptr<EspeakSpeaking> speak_espeak(const std::string& text, const std::string& voice,
                                             const std::string& options) {
  return std::make_unique<EspeakSpeaking>(value_or_throw(EspeakRequest::create(
      engine(), text, voice, value_or_throw(speech_options_from_json(options)))));
}

val next(EspeakSpeaking& speaking) {
  auto clause = value_or_throw(speaking.request.next());
  return clause ? cut(speaking.cutter, *std::move(clause)) : val::null();
}

/// JSON: when a text is said in a recording of it, by an espeak voice's reading.
std::string align_text(const val& samples, int sample_rate_hz, const std::string& text,
                       const std::string& voice) {
  if (sample_rate_hz <= 0) throw_in_js({ErrorCode::invalid_audio, "a recording has a sample rate"});
  auto request = value_or_throw(EspeakRequest::create(engine(), text, voice, {}));
  const Recording said{sample_rate_hz, emscripten::convertJSArrayToNumberVector<float>(samples)};
  return to_json(value_or_throw(align([&] { return request.next(); }, said)).timeline);
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

struct PiperSpeaking {
  PiperRequest request;
  ClauseCutter cutter;
};

std::unique_ptr<PiperSpeaking> speak_piper(const PiperVoice& voice, const std::string& text,
                                           const std::string& options) {
  return std::make_unique<PiperSpeaking>(value_or_throw(PiperRequest::create(
      engine(), voice.config, text, value_or_throw(speech_options_from_json(options)))));
}

val next_input(PiperSpeaking& speaking) {
  const auto input = value_or_throw(speaking.request.next_input());
  if (!input) return val::null();
  val object = val::object();
  object.set("ids", typed_array(std::span(input->ids)));
  object.set("scales", typed_array(std::span<const float>(input->scales)));
  object.set("speaker", input->speaker);
  return object;
}

val complete(PiperSpeaking& speaking, const val& samples, const val& frames) {
  const auto sound = emscripten::convertJSArrayToNumberVector<float>(samples);
  const auto durations = frames.isNull() ? std::vector<float>{}
                                         : emscripten::convertJSArrayToNumberVector<float>(frames);
  return cut(speaking.cutter, value_or_throw(speaking.request.complete(sound, durations)));
}

/// { name, suffix }: see PiperGraph.
val find_durations(const val& read, double size) {
  const auto read_bytes = [&read](std::uint64_t offset, std::size_t length) {
    const val bytes = read(static_cast<double>(offset), static_cast<double>(length));
    return Result<std::vector<std::uint8_t>>(
        emscripten::convertJSArrayToNumberVector<std::uint8_t>(bytes));
  };
  const PiperGraph graph =
      value_or_throw(read_piper_graph(static_cast<std::uint64_t>(size), read_bytes));
  val found = val::object();
  found.set("name", graph.durations);
  found.set("suffix", typed_array(std::span(graph.durations_suffix)));
  return found;
}

EMSCRIPTEN_BINDINGS(speech) {
  emscripten::function("addDataFile", &add_data_file);
  emscripten::function("dataFilesFor", &data_files_for);
  emscripten::function("voices", &voices);
  emscripten::function("speakEspeak", &speak_espeak);
  emscripten::class_<EspeakSpeaking>("EspeakRequest").function("next", &next);
  emscripten::function("align", &align_text);
  emscripten::function("readPiperVoice", &read_piper_voice);
  emscripten::function("findDurations", &find_durations);
  emscripten::class_<PiperVoice>("PiperVoice")
      .function("espeakVoice", &espeak_voice)
      .function("speak", &speak_piper);
  emscripten::class_<PiperSpeaking>("PiperRequest")
      .function("nextInput", &next_input)
      .function("complete", &complete);
}

}  // namespace
}  // namespace vivavox
