#include "server/onnx_session.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <string>

#define ORT_API_MANUAL_INIT
#include <onnxruntime_cxx_api.h>

#include "engine/speech/onnx_graph.h"
#include "server/installation.h"

namespace vivavox {

namespace {

/// ONNX Runtime's API is versioned: a newer library answers for older headers.
const OrtApi* load_api() {
  for (const std::string& name : installation().onnxruntime_libraries) {
    void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
    using GetApiBase = const OrtApiBase* (*)();
    const auto get_base = reinterpret_cast<GetApiBase>(dlsym(library, "OrtGetApiBase"));
    if (!get_base) continue;
    if (const OrtApi* api = get_base()->GetApi(ORT_API_VERSION)) return api;
  }
  return nullptr;
}

/// The environment that all sessions share; null without the library.
const Ort::Env* environment() {
  static const std::unique_ptr<Ort::Env> shared = []() -> std::unique_ptr<Ort::Env> {
    const OrtApi* api = load_api();
    if (!api) return nullptr;
    Ort::InitApi(api);
    return std::make_unique<Ort::Env>(ORT_LOGGING_LEVEL_FATAL, "vivavox");
  }();
  return shared.get();
}

ReadBytes reader_of(std::span<const std::byte> model) {
  return [model](std::uint64_t offset, std::size_t length) -> Result<std::vector<std::uint8_t>> {
    const auto part = model.subspan(offset, length);
    const auto* begin = reinterpret_cast<const std::uint8_t*>(part.data());
    return std::vector<std::uint8_t>(begin, begin + part.size());
  };
}

Ort::Session make_session(std::span<const std::byte> model, int threads) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(threads);
  return {*environment(), model.data(), model.size(), options};
}

/// A session with the durations as an output; if they cannot be one, without.
Ort::Session make_session(std::span<const std::byte> model, int threads, PiperGraph& graph) {
  if (graph.durations_suffix.empty()) return make_session(model, threads);
  const auto suffix = std::as_bytes(std::span(graph.durations_suffix));
  std::vector<std::byte> extended;
  extended.reserve(model.size() + suffix.size());
  extended.insert(extended.end(), model.begin(), model.end());
  extended.insert(extended.end(), suffix.begin(), suffix.end());
  try {
    return make_session(extended, threads);
  } catch (const Ort::Exception&) {
    graph.durations.clear();
    return make_session(model, threads);
  }
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

std::vector<float> floats_of(const Ort::Value& tensor) {
  const auto info = tensor.GetTensorTypeAndShapeInfo();
  if (info.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) return {};
  const float* data = tensor.GetTensorData<float>();
  return {data, data + info.GetElementCount()};
}

/// A tensor over values that must outlive it.
template <class Values>
Ort::Value tensor_of(Values& values, std::span<const std::int64_t> shape) {
  static const Ort::MemoryInfo memory =
      Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  return Ort::Value::CreateTensor(memory, values.data(), values.size(), shape.data(), shape.size());
}

}  // namespace

struct PiperSession::State {
  PiperGraph graph;
  Ort::Session session;
};

PiperSession::PiperSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
PiperSession::PiperSession(PiperSession&&) noexcept = default;
PiperSession& PiperSession::operator=(PiperSession&&) noexcept = default;
PiperSession::~PiperSession() = default;

Result<PiperSession> PiperSession::open(std::span<const std::byte> model, int threads) {
  Result<PiperGraph> graph = read_piper_graph(model.size(), reader_of(model));
  if (!graph) return std::unexpected(graph.error());
  if (!environment()) {
    return fail(ErrorCode::inference_failed,
                "ONNX Runtime is missing, which Piper voices need: run scripts/setup");
  }
  try {
    Ort::Session session = make_session(model, threads, *graph);
    return PiperSession(std::make_unique<State>(State{std::move(*graph), std::move(session)}));
  } catch (const Ort::Exception& error) {
    return fail(ErrorCode::invalid_model,
                "the voice's model cannot be opened: " + first_line(error.what()));
  }
}

Result<PiperOutput> PiperSession::run(const PiperInput& input) const {
  std::vector<std::int64_t> ids = input.ids;
  std::array<float, 3> scales = input.scales;
  std::array<std::int64_t, 1> length = {static_cast<std::int64_t>(ids.size())};
  std::array<std::int64_t, 1> speaker = {std::max<std::int64_t>(input.speaker, 0)};
  const std::array<std::int64_t, 2> row = {1, length[0]};
  const std::array<std::int64_t, 1> one = {1};
  const std::array<std::int64_t, 1> three = {3};
  const bool has_frames = !state_->graph.durations.empty();
  const std::array names = {"input", "input_lengths", "scales", "sid"};
  const std::array outputs = {"output", state_->graph.durations.c_str()};
  try {
    std::vector<Ort::Value> inputs;
    inputs.push_back(tensor_of(ids, row));
    inputs.push_back(tensor_of(length, one));
    inputs.push_back(tensor_of(scales, three));
    if (state_->graph.has_speakers) inputs.push_back(tensor_of(speaker, one));
    const auto values = state_->session.Run(Ort::RunOptions{nullptr}, names.data(), inputs.data(),
                                            inputs.size(), outputs.data(), has_frames ? 2 : 1);
    return PiperOutput{floats_of(values[0]),
                       has_frames ? floats_of(values[1]) : std::vector<float>{}};
  } catch (const Ort::Exception& error) {
    return fail(ErrorCode::inference_failed,
                "the voice's model failed: " + first_line(error.what()));
  }
}

}  // namespace vivavox
