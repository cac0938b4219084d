// The opening between an eye's lids, and how they close it.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

#include "engine/stage/vector_math.h"

namespace vivavox {

struct EyeBall {
  float3 centre{0, 0, 0};
  float radius = 0;
};

/// The edges of both lids, as angles about the eye's axis from side to side.
class EyeOpening {
 public:
  /// Finds where the skin around the eye, of which `places` and `triangles` are, leaves it free to
  /// look along +Z; else says why it is not found.
  static std::expected<EyeOpening, std::string_view> find(std::span<const float3> places,
                                                          std::span<const std::uint32_t> triangles,
                                                          const EyeBall& eye);

  /// How far a place of the lids, in the model's coordinates, goes to close the eye.
  float3 way(float3 place) const;

 private:
  struct Edges {
    float upper_rad = 0, lower_rad = 0;
    float meet_rad = 0;  ///< where they meet
  };

  explicit EyeOpening(const EyeBall& eye) : eye_(eye) {}
  void smooth();
  void meet();
  Edges edges_at(float x) const;

  EyeBall eye_;
  std::vector<Edges> edges_;  ///< from -X to +X, evenly apart
  float first_x_ = 0, last_x_ = 0;
  float height_rad_ = 0;  ///< where it is highest
};

}  // namespace vivavox
