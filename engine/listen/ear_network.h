// The network that hears what a mouth does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/listen/ear_levels.h"

namespace vivavox {

/// A layer's weights: one row for each output.
struct EarLayer {
  std::size_t inputs = 0;
  std::vector<float> weights;
  std::vector<float> bias;

  std::size_t outputs() const { return bias.size(); }
};

/// Two convolutions over 70 ms, a recurrent layer that steps every 20 ms (gated recurrent units,
/// Cho et al., 2014), and what it says of the mouth.
struct EarWeights {
  EarLayer near;    ///< over 5 frames
  EarLayer wider;   ///< over 3 of those
  EarLayer input;   ///< of the gates: reset, update, new
  EarLayer memory;  ///< the same from the state before
  EarLayer output;  ///< of the state and of `wider`
};

/// Those of shared/align/ear.bin, which scripts/train-ear makes.
const EarWeights& ear_weights();

/// The file's layers in turn, each as inputs and outputs in two bytes, and for each output its
/// bias and the scale of its row as floats, and the row in signed bytes. Nothing where it is not
/// whole.
std::optional<EarWeights> ear_weights_from(std::span<const std::uint8_t> bytes);

/// How many frames the network sees after the one that it speaks of.
inline constexpr std::size_t ear_look_ahead = 3;

/// What the network is told of silence, and takes to be before the first frame.
inline constexpr float silent_level = -2.5F;

/// Runs over frames as they come.
class EarNetwork {
 public:
  explicit EarNetwork(const EarWeights& weights);

  /// The outputs for every second frame, ear_look_ahead frames late; empty between.
  std::span<const float> step(std::span<const float, ear_bands> frame);

 private:
  void remember(std::span<const float> reach);

  const EarWeights* weights_;
  std::vector<float> frames_;  ///< the last 5, oldest first
  std::vector<float> nears_;   ///< the last 3
  std::vector<float> state_;   ///< the memory, then `wider`
  std::vector<float> gates_, recalled_, outputs_;
  std::uint64_t steps_ = 0;
};

}  // namespace vivavox
