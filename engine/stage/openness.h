// How much of the sky the vertices of a shape see.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/stage/vector_math.h"

namespace vivavox {

/// Triangles that stand in each other's light, at the scale of a head that is one unit high.
struct Solid {
  std::vector<float3> positions;
  std::vector<float3> normals;           ///< unit vectors, one for each position
  std::vector<std::uint32_t> indices;    ///< of the triangles that hold light off
  std::vector<std::uint32_t> receivers;  ///< the vertices that light comes to
};

/// A ball.
struct Region {
  float3 centre{0, 0, 0};
  float radius = 1;
};

/// Of each vertex in the region, the share of light that comes to it past the shape where as much
/// comes from everywhere, weighted by the cosine to its normal: 0…1. Outside the region 1, and what
/// lies there holds nothing off. Source: the ambient occlusion of Zhukov, Iones and Kronin,
/// "An ambient light illumination model", 1998, by depth maps.
class Openness {
 public:
  /// Light comes from `directions` places, each of which sees the region by `side_px` pixels.
  Openness(std::shared_ptr<const Solid> solid, const Region& region, int directions, int side_px);

  /// Looks from the next place; false where it was the last.
  bool look();
  /// Once all have been looked from.
  std::vector<float> shares() const;

 private:
  std::shared_ptr<const Solid> solid_;
  Region region_;
  int directions_, side_px_;
  int looked_ = 0;
  std::vector<std::uint32_t> receivers_;  ///< vertices in the region
  std::vector<std::uint32_t> corners_;    ///< of the triangles with a corner in it
  std::vector<float> open_, whole_;       ///< of each receiver, so far
};

}  // namespace vivavox
