// The way that a recording takes through a chain.
#pragma once

#include <vector>

#include "engine/align/path_search.h"
#include "engine/align/sound_model.h"

namespace vivavox {

struct Way {
  std::vector<std::int32_t> states;  ///< of each frame
  std::vector<float> fits;           ///< how well each frame fits its state
};

/// The likeliest one by the model as it is adapted to the likeliest one of its beginning.
Way find_way(const Chain& chain, const SoundModel& model, const Features& features, Ending ending);

}  // namespace vivavox
