// What a mouth does, as ways that the places around it go.
#pragma once

#include <array>

#include "engine/face/blend_shapes.h"
#include "engine/sculpt/mouth_line.h"

namespace vivavox {

/// The shapes that MouthShapes makes. Over an open jaw lips are closed by the jaw (see Rig).
inline constexpr std::array mouth_shapes{
    BlendShape::jawForward,         BlendShape::jawLeft,
    BlendShape::jawRight,           BlendShape::jawOpen,
    BlendShape::mouthFunnel,        BlendShape::mouthPucker,
    BlendShape::mouthSmileLeft,     BlendShape::mouthSmileRight,
    BlendShape::mouthFrownLeft,     BlendShape::mouthFrownRight,
    BlendShape::mouthDimpleLeft,    BlendShape::mouthDimpleRight,
    BlendShape::mouthStretchLeft,   BlendShape::mouthStretchRight,
    BlendShape::mouthRollLower,     BlendShape::mouthRollUpper,
    BlendShape::mouthPressLeft,     BlendShape::mouthPressRight,
    BlendShape::mouthLowerDownLeft, BlendShape::mouthLowerDownRight,
    BlendShape::mouthUpperUpLeft,   BlendShape::mouthUpperUpRight};

/// What goes with the jaw, and how.
enum class MouthFlesh {
  soft,      ///< skin, and what lies in the mouth
  of_skull,  ///< upper teeth
  of_jaw,    ///< lower teeth
};

/// A place of the head at rest, in the model's coordinates.
struct MouthPlace {
  float3 place;
  bool is_below = false;  ///< the line: of the lower lip, or under it
  MouthFlesh flesh = MouthFlesh::soft;
};

/// The jaw turns about a hinge, and skin follows it: the lower lip and the chin all the way, the
/// corners by half, the upper lip not at all, cheeks and neck less and less. Lips go as smooth
/// fields around their line.
class MouthShapes {
 public:
  /// `hinge` is where the jaw turns, before the ears.
  MouthShapes(MouthLine line, float3 hinge);

  /// How far the place goes at weight 1.
  float3 way(BlendShape shape, const MouthPlace& from) const;

 private:
  struct Lips;

  Lips lips_at(const MouthPlace& from) const;
  float hold_of_jaw(const MouthPlace& from, const Lips& lips) const;
  float3 opened(const MouthPlace& from) const;

  MouthLine line_;
  float3 hinge_;
  float open_rad_;
};

}  // namespace vivavox
