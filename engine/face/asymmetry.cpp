#include "engine/face/asymmetry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/face/random.h"

namespace vivavox {

void make_uneven(BlendWeights& weights, std::uint32_t seed, double idle_s) {
  using enum BlendShape;
  constexpr double always = 0.05, at_times = 0.04, per_s = 0.2;
  const double lean = uniform(seed, Stream::uneven, -1, -always, always) +
                      at_times * noise(seed, Stream::uneven, per_s * idle_s);
  constexpr std::array<std::pair<BlendShape, BlendShape>, 5> pairs{
      {{mouthSmileLeft, mouthSmileRight},
       {mouthStretchLeft, mouthStretchRight},
       {mouthDimpleLeft, mouthDimpleRight},
       {mouthLowerDownLeft, mouthLowerDownRight},
       {mouthUpperUpLeft, mouthUpperUpRight}}};
  for (const auto& [left, right] : pairs) {
    weights[left] = std::min(1.0F, weights[left] * static_cast<float>(1 + lean));
    weights[right] = std::min(1.0F, weights[right] * static_cast<float>(1 - lean));
  }
}

}  // namespace vivavox
