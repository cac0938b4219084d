// A sound model made to fit a recording.
#pragma once

#include <span>

#include "engine/align/sound_model.h"

namespace vivavox {

/// The model as it fits the recording better, whose frames are in the states of the
/// path: the means by an affine map (Leggetter and Woodland, 1995, with one map for all), the
/// variance by what is heard there.
SoundModel adapted(const SoundModel& model, const Chain& chain, const Features& features,
                   std::span<const std::int32_t> path);

}  // namespace vivavox
