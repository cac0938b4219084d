// The way that a recording takes through a chain.
#pragma once

#include <vector>

#include "engine/align/sound_model.h"

namespace vivavox {

struct Way {
  std::vector<std::int32_t> states;  ///< of each frame; empty: no way reaches the end
  std::vector<float> fits;           ///< how well each frame fits its state
};

/// The likeliest one: by the model as it is, then by the model adapted to what was found.
Way find_way(const Chain& chain, const SoundModel& model, const Features& features);

}  // namespace vivavox
