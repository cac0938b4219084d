// How the states of a chain sound.
#pragma once

#include <span>
#include <vector>

#include "engine/align/chain.h"
#include "engine/align/gaussian.h"
#include "engine/align/phone_sounds.h"

namespace vivavox {

/// Of the states that are parts of phones; all have the same variance.
struct SoundModel {
  std::vector<Feature> means;  ///< of each state; a pause's is not used
  Feature variance{};
  Gaussian pause;
};

/// Between how a reading sounds whose Timeline's chain this is and how people say its
/// phones.
SoundModel model_of_reading(const Chain& chain, const Timeline& reading, const Features& features,
                            const PhoneSounds& people);

/// What the quiet frames of a recording sound like.
Gaussian pause_of(const Features& features);

}  // namespace vivavox
