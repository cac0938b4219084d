#include "engine/listen/ear_network.h"

#include <algorithm>
#include <bit>
#include <cmath>

extern "C" {
extern const unsigned char vivavox_ear[];
extern const size_t vivavox_ear_size;
}

namespace vivavox {

namespace {

constexpr std::size_t near_frames = 5;
constexpr std::size_t wider_nears = 3;

/// Reads the file from its front.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::optional<EarLayer> layer() {
    const auto inputs = number(2), outputs = number(2);
    constexpr std::size_t row_head = 2 * sizeof(float);
    if (inputs == 0 || outputs == 0 || bytes_.size() < outputs * (row_head + inputs)) return {};
    EarLayer layer{.inputs = inputs, .weights = {}, .bias = {}};
    for (std::size_t row = 0; row < outputs; ++row) {
      layer.bias.push_back(real());
      const float scale = real();
      for (const std::uint8_t byte : take(inputs)) {
        layer.weights.push_back(scale * static_cast<float>(static_cast<std::int8_t>(byte)));
      }
    }
    return layer;
  }

  bool is_at_end() const { return bytes_.empty(); }

 private:
  std::span<const std::uint8_t> take(std::size_t count) {
    const auto taken = bytes_.first(std::min(count, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  std::uint32_t number(std::size_t count) {
    std::uint32_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t byte : take(count)) {
      value |= static_cast<std::uint32_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }
  float real() { return std::bit_cast<float>(number(sizeof(float))); }

  std::span<const std::uint8_t> bytes_;
};

bool fit_together(const EarWeights& weights) {
  const auto& [near, wider, input, memory, output] = weights;
  const std::size_t size = memory.inputs;
  return near.inputs == near_frames * ear_bands && wider.inputs == wider_nears * near.outputs() &&
         input.inputs == wider.outputs() && input.outputs() == 3 * size &&
         memory.outputs() == 3 * size && output.inputs == size + wider.outputs();
}

float dot(const float* a, const float* b, std::size_t size) {
  // Four sums that do not wait for one another.
  std::array<float, 4> sums{};
  std::size_t i = 0;
  for (; i + 4 <= size; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

void apply(const EarLayer& layer, std::span<const float> in, std::span<float> out) {
  for (std::size_t row = 0; row < layer.outputs(); ++row) {
    out[row] =
        layer.bias[row] + dot(layer.weights.data() + row * layer.inputs, in.data(), layer.inputs);
  }
}

void rectify(std::span<float> values) {
  for (float& value : values) value = std::max(0.0F, value);
}

float sigmoid(float x) {
  return 1 / (1 + std::exp(-x));
}

/// Makes room for the newest at the end; returns where.
std::span<float> shift(std::vector<float>& history, std::size_t size) {
  std::shift_left(history.begin(), history.end(), static_cast<std::ptrdiff_t>(size));
  return std::span(history).last(size);
}

}  // namespace

std::optional<EarWeights> ear_weights_from(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes);
  EarWeights weights;
  for (EarLayer* layer :
       {&weights.near, &weights.wider, &weights.input, &weights.memory, &weights.output}) {
    auto read = reader.layer();
    if (!read) return {};
    *layer = *std::move(read);
  }
  if (!reader.is_at_end() || !fit_together(weights)) return {};
  return weights;
}

const EarWeights& ear_weights() {
  static const EarWeights weights = ear_weights_from({vivavox_ear, vivavox_ear_size}).value();
  return weights;
}

EarNetwork::EarNetwork(const EarWeights& weights)
    : weights_(&weights),
      frames_(near_frames * ear_bands, silent_level),
      nears_(wider_nears * weights.near.outputs()),
      state_(weights.output.inputs),
      gates_(weights.input.outputs()),
      recalled_(weights.memory.outputs()),
      outputs_(weights.output.outputs()) {}

std::span<const float> EarNetwork::step(std::span<const float, ear_bands> frame) {
  std::ranges::copy(frame, shift(frames_, ear_bands).begin());
  const auto near = shift(nears_, weights_->near.outputs());
  apply(weights_->near, frames_, near);
  rectify(near);
  const std::uint64_t step = steps_++;
  if (step < ear_look_ahead || (step - ear_look_ahead) % 2 != 0) return {};
  const std::span<float> wider = std::span(state_).last(weights_->wider.outputs());
  apply(weights_->wider, nears_, wider);
  rectify(wider);
  remember(wider);
  apply(weights_->output, state_, outputs_);
  return outputs_;
}

void EarNetwork::remember(std::span<const float> wider) {
  const std::size_t size = weights_->memory.inputs;
  const std::span<float> memory = std::span(state_).first(size);
  apply(weights_->input, wider, gates_);
  apply(weights_->memory, memory, recalled_);
  for (std::size_t i = 0; i < size; ++i) {
    const float reset = sigmoid(gates_[i] + recalled_[i]);
    const float keep = sigmoid(gates_[size + i] + recalled_[size + i]);
    const float fresh = std::tanh(gates_[2 * size + i] + reset * recalled_[2 * size + i]);
    memory[i] = (1 - keep) * fresh + keep * memory[i];
  }
}

}  // namespace vivavox
