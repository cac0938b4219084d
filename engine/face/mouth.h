// The mouth as its few independent movements, and what they do to the 52.
// Source: JALI (Edwards, Landreth, Fiume and Singh, SIGGRAPH 2016) separates
// jaw from lips; the meaning of each weight is Apple's ARKit's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/face/blend_shapes.h"

namespace vivavox {

/// One movement of the mouth. `seal` brings the lips together whatever the jaw
/// does, `press` says how firmly; `tuck` lays the lower lip to the upper teeth;
/// `speaking` is 1 while the mouth is busy with speech and 0 at rest.
enum class Channel : std::uint8_t {
  jaw,
  seal,
  press,
  tuck,
  pucker,
  funnel,
  spread,
  lower_lip,
  upper_lip,
  tongue,
  jaw_forward,
  speaking,
};

inline constexpr std::size_t channel_count = 12;

/// How far each movement goes, 0…1.
class Mouth {
 public:
  double& operator[](Channel channel) { return values_[static_cast<std::size_t>(channel)]; }
  double operator[](Channel channel) const { return values_[static_cast<std::size_t>(channel)]; }

 private:
  std::array<double, channel_count> values_{};
};

/// The face of `expression` (a mood, all 52 weights) speaking with `mouth`. Of
/// the expression's mouth the share `pull` (0…1) stays while speaking.
///
/// Where seal is 1 the lips are shut: mouthClose equals jawOpen, as ARKit
/// defines it, and mouthFunnel, mouthUpperUp*, mouthLowerDown* and tongueOut
/// are 0, whatever the expression asks for.
BlendWeights shaped(const Mouth& mouth, const BlendWeights& expression, double pull);

/// How far the lips are apart in a pose, in units of jawOpen; 0 or less is shut.
double lip_opening(const BlendWeights& weights);

}  // namespace vivavox
