// The 52 ARKit blend shapes: the canonical face space of the engine.
// Source: Apple, ARFaceAnchor.BlendShapeLocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vivavox {

enum class BlendShape : std::uint8_t {
  // clang-format off
  eyeBlinkLeft, eyeLookDownLeft, eyeLookInLeft, eyeLookOutLeft, eyeLookUpLeft, eyeSquintLeft, eyeWideLeft,
  eyeBlinkRight, eyeLookDownRight, eyeLookInRight, eyeLookOutRight, eyeLookUpRight, eyeSquintRight, eyeWideRight,
  jawForward, jawLeft, jawRight, jawOpen,
  mouthClose, mouthFunnel, mouthPucker, mouthLeft, mouthRight,
  mouthSmileLeft, mouthSmileRight, mouthFrownLeft, mouthFrownRight, mouthDimpleLeft, mouthDimpleRight,
  mouthStretchLeft, mouthStretchRight, mouthRollLower, mouthRollUpper, mouthShrugLower, mouthShrugUpper,
  mouthPressLeft, mouthPressRight, mouthLowerDownLeft, mouthLowerDownRight, mouthUpperUpLeft, mouthUpperUpRight,
  browDownLeft, browDownRight, browInnerUp, browOuterUpLeft, browOuterUpRight,
  cheekPuff, cheekSquintLeft, cheekSquintRight, noseSneerLeft, noseSneerRight, tongueOut,
  // clang-format on
};

inline constexpr std::size_t blend_shape_count = 52;

/// ARKit's name, e.g. "jawOpen".
std::string_view name(BlendShape shape);

/// The blend shape of that exact name.
std::optional<BlendShape> blend_shape_named(std::string_view name);

/// A weight for each blend shape, indexed by BlendShape, usually 0…1.
class BlendWeights {
 public:
  float& operator[](BlendShape shape) { return weights_[static_cast<std::size_t>(shape)]; }
  float operator[](BlendShape shape) const { return weights_[static_cast<std::size_t>(shape)]; }
  std::array<float, blend_shape_count>& values() { return weights_; }
  const std::array<float, blend_shape_count>& values() const { return weights_; }

  bool operator==(const BlendWeights&) const = default;

 private:
  std::array<float, blend_shape_count> weights_{};
};

}  // namespace vivavox
