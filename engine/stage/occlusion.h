// How much light from around reaches an avatar's vertices.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/stage/appearance.h"
#include "engine/stage/avatar.h"
#include "engine/stage/openness.h"
#include "engine/stage/rig.h"

namespace vivavox {

/// The states of a face that open and close what light comes into.
enum class Opening : std::uint8_t { at_rest, open_jaw, closed_left_lids, closed_right_lids, count };

/// For each Opening how open a vertex is: 255 sees all around it.
using VertexOpenness = std::array<std::uint8_t, static_cast<std::size_t>(Opening::count)>;

/// Finds how open the vertices of an avatar are, bit by bit, as it takes as long as some frames do.
class Occlusion {
 public:
  /// `placement` takes the model to the stage, where a head is one unit high; what is far from the
  /// head sees everything, and what is hidden stands in nobody's light.
  Occlusion(const Avatar& avatar, const Rig& rig, const mat4f& placement,
            const Appearance& appearance);

  /// Looks from so many more directions; false once it has looked from all.
  bool look(int directions);
  /// Once it has: of the vertices of all parts, one part after the other.
  std::vector<VertexOpenness> result() const;

 private:
  std::vector<float> least_;  ///< of each vertex: as open as it is at least
  /// At rest all around; then for each other Opening, around what it moves, before and after. None
  /// where it moves nothing.
  std::array<std::unique_ptr<Openness>, 2 * std::size_t(Opening::count) - 1> sights_;
  std::size_t looked_ = 0;  ///< at so many of them
};

/// How far a pose goes from its rest to the other Openings, in their order.
float3 openings_of(const BlendWeights& weights);

}  // namespace vivavox
