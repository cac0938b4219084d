// The mouth of the default avatar as its vertices stand: what a viewer sees of lips and teeth,
// in metres, whatever blend shapes made it. Needs no renderer.
#pragma once

#include <vector>

#include "engine/face/blend_shapes.h"
#include "engine/stage/avatar.h"
#include "engine/stage/blend.h"
#include "engine/stage/rig.h"

namespace vivavox {

/// A mouth as it is seen. Points follow the flesh: where the sensors of an articulograph sit.
struct MouthLook {
  double opening_m = 0;  ///< between the lips, seen from the front, where it is widest in the
                         ///< middle third; negative where they overlap
  double width_m = 0;    ///< between the corners
  double jaw_m = 0;      ///< how far the lower incisors are below their rest
  float3 upper_lip;      ///< the middle of its red
  float3 lower_lip;
  float3 jaw;     ///< the lower incisors' edge
  float3 tongue;  ///< its tip
};

class MouthMesh {
 public:
  /// Reads shared/avatars/vivi.glb; throws where that is not the avatar as it is known here.
  static MouthMesh vivi();

  MouthLook look(const BlendWeights& weights);

  /// From the edge of the upper incisors to the lower lip's surface, where they are nearest.
  double lip_to_teeth_m(const BlendWeights& weights);

  /// Where the vertices of both lips stand: what lip-vertex errors are taken of.
  std::vector<float3> lips(const BlendWeights& weights);

 private:
  /// The vertices of a part that are asked for, in the order asked.
  class Vertices {
   public:
    Vertices(const AvatarPart& part, std::vector<std::uint32_t> chosen);
    void blend(std::span<const float> target_weights) { blended_.blend(target_weights); }
    float3 operator[](std::size_t at) const { return blended_.positions()[place_[at]]; }
    std::size_t size() const { return place_.size(); }

   private:
    BlendedPart blended_;
    std::vector<std::size_t> place_;
  };

  /// One place along the mouth: which of the lips' vertices stand there, upper and lower.
  struct Column {
    std::vector<std::size_t> upper;
    std::vector<std::size_t> lower;
  };

  MouthMesh(const Avatar& avatar, Rig rig);
  void find_columns(const AvatarPart& head, std::span<const std::uint32_t> lips);
  void find_lower_lip(const AvatarPart& head, std::span<const std::uint32_t> lips);

  Rig rig_;
  Vertices lips_;
  Vertices jaw_;
  Vertices tongue_;
  std::vector<float3> incisors_;  ///< the edge of the upper ones, which stand still
  std::vector<Column> columns_;
  std::vector<std::array<std::size_t, 3>> lower_lip_;  ///< the triangles of its middle third
  std::size_t left_corner_ = 0;
  std::size_t right_corner_ = 0;
  std::size_t upper_red_ = 0;
  std::size_t lower_red_ = 0;
  float jaw_rest_m_ = 0;
};

}  // namespace vivavox
