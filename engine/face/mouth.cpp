#include "engine/face/mouth.h"

#include <algorithm>

#include "engine/face/random.h"

namespace vivavox {

namespace {

using enum BlendShape;

constexpr bool is_mouth(BlendShape shape) {
  return (shape >= jawForward && shape <= mouthUpperUpRight) || shape == tongueOut;
}

/// Two pushes on one blend shape: never above 1, and smooth in both.
float together(double a, double b) {
  return static_cast<float>(1 - (1 - a) * (1 - b));
}

BlendWeights speech_weights(const Mouth& mouth) {
  const double open = 1 - mouth[Channel::seal];
  const double tuck = mouth[Channel::tuck] * open;
  const double press = mouth[Channel::press] * mouth[Channel::seal];
  const double spread = mouth[Channel::spread];
  const double lower_lip = mouth[Channel::lower_lip] * (1 - mouth[Channel::tuck]);
  const double upper_lip = mouth[Channel::upper_lip] + 0.16 * tuck;
  BlendWeights weights;
  const auto set = [&](BlendShape shape, double value) {
    weights[shape] = static_cast<float>(value);
  };
  const auto set_both = [&](BlendShape left, BlendShape right, double value) {
    set(left, value);
    set(right, value);
  };
  set(jawOpen, mouth[Channel::jaw]);
  set(jawForward, mouth[Channel::jaw_forward]);
  set(mouthFunnel, mouth[Channel::funnel]);
  set(mouthPucker, mouth[Channel::pucker]);
  set(mouthRollLower, together(0.3 * press, (0.6 + 0.25 * mouth[Channel::pucker]) * tuck));
  set(mouthRollUpper, 0.2 * press);
  set(tongueOut, mouth[Channel::tongue]);
  set_both(mouthPressLeft, mouthPressRight, 0.5 * press);
  set_both(mouthStretchLeft, mouthStretchRight, 0.5 * spread);
  set_both(mouthSmileLeft, mouthSmileRight, 0.25 * spread);
  set_both(mouthDimpleLeft, mouthDimpleRight, 0.15 * spread);
  set_both(mouthLowerDownLeft, mouthLowerDownRight, lower_lip);
  set_both(mouthUpperUpLeft, mouthUpperUpRight, upper_lip);
  return weights;
}

/// The lips cannot be rounded and drawn back at once: rounding wins.
void round_over_smile(BlendWeights& weights, double rounding) {
  const auto kept = static_cast<float>(1 - 0.75 * rounding);
  for (const BlendShape shape : {mouthSmileLeft, mouthSmileRight, mouthStretchLeft,
                                 mouthStretchRight, mouthDimpleLeft, mouthDimpleRight}) {
    weights[shape] *= kept;
  }
}

void hold_lips(BlendWeights& weights, double share) {
  const auto open = static_cast<float>(1 - share);
  for (const BlendShape shape : {mouthFunnel, mouthLowerDownLeft, mouthLowerDownRight,
                                 mouthUpperUpLeft, mouthUpperUpRight, tongueOut}) {
    weights[shape] *= open;
  }
  const auto sealed = static_cast<float>(share) * weights[jawOpen];
  weights[mouthClose] = std::clamp(weights[mouthClose] * open + sealed, 0.0F, 1.0F);
}

void seal_lips(BlendWeights& weights, double seal) {
  hold_lips(weights, seal);
  // A wrinkled nose lifts the upper lip, too.
  for (const BlendShape shape : {noseSneerLeft, noseSneerRight}) {
    weights[shape] *= static_cast<float>(1 - seal / 2);
  }
}

/// Moist lips stick: they hold together until they are drawn apart by so much, then part at once.
void let_lips_stick(BlendWeights& weights, double share) {
  constexpr double stuck = 0.02, parted = 0.05;
  const double opening = lip_opening(weights);
  if (opening <= 0 || opening >= parted) return;
  hold_lips(weights, share * (1 - smoothstep((opening - stuck) / (parted - stuck))));
}

/// The lower lip reaches the teeth only while the jaw is nearly closed.
void tuck_lower_lip(BlendWeights& weights, double tuck) {
  const auto kept = static_cast<float>(1 - tuck);
  weights[mouthLowerDownLeft] *= kept;
  weights[mouthLowerDownRight] *= kept;
  weights[mouthFunnel] *= kept;
  weights[mouthClose] *= kept;
}

}  // namespace

BlendWeights shaped(const Mouth& mouth, const BlendWeights& expression, double pull) {
  const BlendWeights speech = speech_weights(mouth);
  const double mouth_share = 1 - (1 - pull) * mouth[Channel::speaking];
  BlendWeights weights;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    const auto shape = static_cast<BlendShape>(i);
    const double share = is_mouth(shape) ? mouth_share : 1;
    weights[shape] = together(share * expression[shape], speech[shape]);
  }
  round_over_smile(weights, mouth[Channel::pucker]);
  tuck_lower_lip(weights, mouth[Channel::tuck] * (1 - mouth[Channel::seal]));
  seal_lips(weights, mouth[Channel::seal]);
  // A lip that lies on teeth sticks to no lip, and at rest the expression has its way.
  let_lips_stick(weights, mouth[Channel::speaking] * (1 - mouth[Channel::tuck]));
  return weights;
}

Tongue tongue_of(const Mouth& mouth) {
  return {.tip_up = static_cast<float>(mouth[Channel::tongue_tip]),
          .back_up = static_cast<float>(mouth[Channel::tongue_back])};
}

double lip_opening(const BlendWeights& weights) {
  const auto mean = [&](BlendShape left, BlendShape right) {
    return 0.5 * (static_cast<double>(weights[left]) + static_cast<double>(weights[right]));
  };
  return static_cast<double>(weights[jawOpen]) - static_cast<double>(weights[mouthClose]) +
         0.3 * mean(mouthLowerDownLeft, mouthLowerDownRight) +
         0.3 * mean(mouthUpperUpLeft, mouthUpperUpRight) +
         0.3 * static_cast<double>(weights[mouthFunnel]);
}

}  // namespace vivavox
