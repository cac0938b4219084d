#include "engine/listen/ear_network.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/face/visemes.h"
#include "engine/timeline/mouth.h"

using namespace vivavox;

namespace {

void add_number(std::vector<std::uint8_t>& bytes, std::uint32_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

/// A layer whose rows are all ones, of scale 1/4 and bias 1/2.
void add_layer(std::vector<std::uint8_t>& bytes, std::uint32_t inputs, std::uint32_t outputs) {
  add_number(bytes, inputs, 2);
  add_number(bytes, outputs, 2);
  for (std::uint32_t row = 0; row < outputs; ++row) {
    add_number(bytes, 0x3F000000, 4);
    add_number(bytes, 0x3E800000, 4);
    bytes.insert(bytes.end(), inputs, 1);
  }
}

/// Two units in each layer, one memory, one output.
std::vector<std::uint8_t> small_network() {
  std::vector<std::uint8_t> bytes;
  add_layer(bytes, 5 * ear_bands, 2);
  add_layer(bytes, 6, 2);
  add_layer(bytes, 2, 3);
  add_layer(bytes, 1, 3);
  add_layer(bytes, 3, 1);
  return bytes;
}

}  // namespace

TEST_CASE("the network that comes along says what the ear asks it for") {
  CHECK(ear_weights().output.outputs() == heard_channel_count + viseme_count);
}

TEST_CASE("weights are read whole or not at all") {
  std::vector<std::uint8_t> bytes = small_network();
  const auto weights = ear_weights_from(bytes);
  REQUIRE(weights);
  CHECK(weights->near.weights.size() == 2 * 5 * ear_bands);
  CHECK(weights->near.weights.front() == 0.25F);
  CHECK(weights->near.bias.front() == 0.5F);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(!ear_weights_from(std::span(bytes).first(size)));
  }
  bytes.push_back(0);
  CHECK(!ear_weights_from(bytes));
}

TEST_CASE("layers that do not fit together are refused") {
  std::vector<std::uint8_t> bytes;
  add_layer(bytes, 5 * ear_bands, 2);
  add_layer(bytes, 6, 2);
  add_layer(bytes, 3, 3);
  add_layer(bytes, 1, 3);
  add_layer(bytes, 3, 1);
  CHECK(!ear_weights_from(bytes));
}

TEST_CASE("the network computes what its layers say") {
  const auto weights = ear_weights_from(small_network());
  REQUIRE(weights);
  EarNetwork network(*weights);
  std::array<float, ear_bands> frame{};
  frame.fill(0.01F);
  // A frame adds 0.25 · 40 · 0.01 = 0.1 to what the first layer says of the last five; the silence
  // before takes more away than that.
  double memory = 0;
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  for (int step = 0; step < 12; ++step) {
    const std::span<const float> heard = network.step(frame);
    if (step < 3 || (step - 3) % 2 != 0) {
      CHECK(heard.empty());
      continue;
    }
    double wider = 0.5;
    for (int near = step - 2; near <= step; ++near) {
      wider += near < 4 ? 0 : 2 * 0.25 * (0.5 + 5 * 0.1);
    }
    const double gate = 0.5 + 2 * 0.25 * wider;
    const double recalled = 0.5 + 0.25 * memory;
    const double keep = sigmoid(gate + recalled);
    const double fresh = std::tanh(gate + keep * recalled);
    memory = (1 - keep) * fresh + keep * memory;
    const double said = 0.5 + 0.25 * (memory + 2 * wider);
    REQUIRE(heard.size() == 1);
    CHECK(std::abs(static_cast<double>(heard[0]) - said) < 1e-5);
  }
}
