// speech.wasm: the engine's speech for JavaScript. Runs in a worker.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <emscripten/bind.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <cstdio>
#include <memory>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_voices.h"
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

EMSCRIPTEN_BINDINGS(speech) {
  emscripten::function("addDataFile", &add_data_file);
  emscripten::function("dataFilesFor", &data_files_for);
  emscripten::function("voices", &voices);
  emscripten::function("speakEspeak", &speak_espeak);
  emscripten::class_<EspeakRequest>("EspeakRequest").function("next", &next);
}

}  // namespace
}  // namespace vivavox
