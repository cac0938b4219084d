// Steps without an edge.
#pragma once

#include <algorithm>

namespace vivavox {

/// 0 up to `from`, 1 from `to` on, smooth between.
inline float rise(float from, float to, float value) {
  const float share = std::clamp((value - from) / (to - from), 0.0F, 1.0F);
  return share * share * (3 - 2 * share);
}

/// 1 up to `from`, 0 from `to` on, smooth between.
inline float fall(float from, float to, float value) {
  return 1 - rise(from, to, value);
}

}  // namespace vivavox
