#include "engine/speech/onnx_graph.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

using namespace vivavox;

namespace {

std::vector<std::uint8_t> file(const std::string& name) {
  std::ifstream in(VIVAVOX_ROOT "/tests/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Result<PiperGraph> graph_of(const std::vector<std::uint8_t>& model) {
  return read_piper_graph(model.size(), [&](std::uint64_t offset, std::size_t length) {
    const auto begin = model.begin() + static_cast<std::ptrdiff_t>(offset);
    return Result<std::vector<std::uint8_t>>(std::in_place, begin,
                                             begin + static_cast<std::ptrdiff_t>(length));
  });
}

}  // namespace

TEST_CASE("a model's durations and speakers are found") {
  const auto tone = graph_of(file("tone.onnx"));
  REQUIRE(tone.has_value());
  CHECK(tone->durations == "/Ceil_output_0");
  CHECK(tone->durations_suffix.size() == 26);
  CHECK_FALSE(tone->has_speakers);
  CHECK(graph_of(file("tone_speakers.onnx"))->has_speakers);
  CHECK(graph_of(file("tone_plain.onnx"))->durations.empty());
  CHECK(graph_of(file("tone_plain.onnx"))->durations_suffix.empty());
}

TEST_CASE("the appended bytes make the durations an output, which needs no more then") {
  auto model = file("tone.onnx");
  const auto suffix = graph_of(model)->durations_suffix;
  model.insert(model.end(), suffix.begin(), suffix.end());
  CHECK(graph_of(model)->durations == "/Ceil_output_0");
  CHECK(graph_of(model)->durations_suffix.empty());
}

TEST_CASE("a model cut anywhere is refused or lacks something, and never crashes") {
  const auto model = file("tone.onnx");
  REQUIRE(model.size() > 1000);
  for (std::size_t size = 0; size < model.size(); ++size) {
    const auto graph = graph_of({model.begin(), model.begin() + static_cast<std::ptrdiff_t>(size)});
    REQUIRE_FALSE(graph.has_value());
    REQUIRE(graph.error().code == ErrorCode::invalid_model);
  }
}

TEST_CASE("what is no Piper model is refused with its reason") {
  const auto message = [](std::vector<std::uint8_t> model) {
    return graph_of(model).error().message;
  };
  const std::string start = "this is not an ONNX model of a Piper voice: ";
  CHECK(message({}) == start + "it has no graph");
  CHECK(message({7 << 3 | 2, 0}) == start + "it has no input \"input\"");
  CHECK(message({7 << 3 | 2, 100}) == start + "a part is longer than the whole");
  CHECK(message({0}) == start + "it has a field without number");
  CHECK(message({1 << 3 | 7}) == start + "it has a field of unknown type");
  CHECK(message(std::vector<std::uint8_t>(12, 0xFF)) ==
        start + "it has a number of too many bytes");
}
