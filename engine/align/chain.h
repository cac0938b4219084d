// The states that a recording of a text goes through.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/timeline/timeline.h"

namespace vivavox {

/// A phone is this many parts in turn, each with a sound of its own.
inline constexpr std::int32_t parts_of_phone = 4;

struct ChainState {
  std::int32_t phone = -1;  ///< index into the Timeline's phones; −1: a pause
  std::int32_t part = 0;    ///< of the phone
  std::int32_t group = 0;   ///< of a pause: the group after it
  std::int32_t sound = 0;   ///< index into SoundModel::means: its own, unless texts are mixed
  float stay = 0;           ///< how likely it lasts another 10 ms, as a logarithm on Fit's scale
  float leave = 0;          ///< how likely it ends
  float skip = 0;           ///< of a part: how likely it is passed over
};

/// Groups are words, or phones of no word. There is a pause before each and after the
/// last, which may be left out.
struct Chain {
  std::vector<ChainState> states;
  std::vector<std::int32_t> pauses;  ///< indices of the pauses' states; one more than groups

  bool is_pause(std::int32_t state) const { return states[std::size_t(state)].phone < 0; }
};

/// The Timeline's own pauses are left out: a reader makes others.
Chain chain_of(const Timeline& reading);

}  // namespace vivavox
