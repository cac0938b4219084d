// The likeliest way of a recording through a chain of states.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/align/chain.h"

namespace vivavox {

/// How well a frame of the recording fits a state: a scaled log-likelihood.
using Fit = std::function<float(std::size_t frame, std::int32_t state)>;

/// Whether the recording is heard to its end, where the text is likely to end as well.
enum class Ending : std::uint8_t { open, known };

/// The state of each frame (Viterbi, 1967). Words may be left out and repeated, at a
/// cost. Only states near the best are followed, and what is older than a minute is
/// settled: time and memory grow with the recording alone. A recording that ends too early ends in
/// the midst.
std::vector<std::int32_t> find_path(const Chain& chain, std::size_t frames, Ending ending,
                                    const Fit& fit);

}  // namespace vivavox
