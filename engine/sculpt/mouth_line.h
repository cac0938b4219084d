// Where the lips of a head meet: found by the air between them.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "engine/stage/framing.h"

namespace vivavox {

/// The line between closed lips, in the model's coordinates.
struct MouthLine {
  /// From the character's right corner to the left one, evenly apart in X: where the lips first
  /// touch, or come nearest to one another, from the front.
  std::vector<float3> points;
  float depth = 0;  ///< how far the lips go back from there, in the middle

  float half_width() const { return (points.back().x - points.front().x) / 2; }
  float3 middle() const { return (points.front() + points.back()) * 0.5F; }
  /// The line there, or beyond its end that corner.
  float3 at(float x) const;
};

/// Finds it where the surface goes in between the lips: a slit, open at its back or with a mouth
/// behind it. `places` and `triangles` are of the face's skin alone; it looks along +Z. Else says
/// why there is none.
std::expected<MouthLine, std::string_view> find_mouth(std::span<const float3> places,
                                                      std::span<const std::uint32_t> triangles,
                                                      const HeadPlace& head);

}  // namespace vivavox
