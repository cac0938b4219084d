#include "engine/sculpt/mouth_shapes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/sculpt/smooth_step.h"

namespace vivavox {

/// A place as it is seen from the lips; lengths are in halves of the mouth's width.
struct MouthShapes::Lips {
  float aside = 0;   ///< from the middle, to the character's left
  float out = 0;     ///< from the middle: 1 at the corners
  float height = 0;  ///< above the line
  bool is_lower = false;
  float away = 0;  ///< from lips and corners

  float edge() const { return std::max(0.0F, 1 - out * out); }
  float near(float reach) const { return fall(0, reach, away); }
};

MouthShapes::MouthShapes(MouthLine line, float3 hinge) : line_(std::move(line)), hinge_(hinge) {
  // As far as people open their jaws, but not more than mouths stretch.
  constexpr float widest_rad = 0.44F, most_drop = 2;
  const float3 arm = line_.middle() - hinge_;
  const float reach = std::hypot(arm.y, arm.z);
  open_rad_ = std::min(widest_rad, most_drop * line_.half_width() / reach);
}

MouthShapes::Lips MouthShapes::lips_at(const MouthPlace& from) const {
  constexpr float lip_depth = 0.5F;
  const float unit = line_.half_width();
  const float3 middle = line_.middle(), nearest = line_.at(from.place.x);
  Lips lips{.aside = (from.place.x - middle.x) / unit,
            .height = (from.place.y - nearest.y) / unit,
            .is_lower = from.is_below};
  lips.out = std::abs(lips.aside);
  const float behind = std::max(0.0F, (nearest.z - from.place.z) / unit - lip_depth);
  lips.away = length(float3(std::max(0.0F, lips.out - 1), lips.height, behind));
  return lips;
}

/// The share of the jaw's turn that a place takes.
float MouthShapes::hold_of_jaw(const MouthPlace& from, const Lips& lips) const {
  if (from.flesh != MouthFlesh::soft) return from.flesh == MouthFlesh::of_jaw ? 1 : 0;
  const float unit = line_.half_width();
  const float3 corner = line_.at(from.place.x);
  const float beyond = std::max(0.0F, lips.out - 1);
  const float back = std::clamp((corner.z - from.place.z) / (corner.z - hinge_.z), 0.0F, 1.2F);
  // On the cheeks the border between skull and jaw goes up to the hinge.
  const float border =
      (hinge_.y - corner.y) / unit * std::min(back, 1.0F) * rise(1, 1.5F, lips.out);
  const float height = lips.height - border;
  const bool is_lower = border > 0 ? height < 0 : lips.is_lower;
  const float depth = std::abs(height);
  float hold = 0;
  if (is_lower) {
    const float lip = lips.out < 1 ? 1 - 0.5F * lips.out * lips.out : 0.5F;
    hold = lip + (1 - lip) * rise(0, 0.5F + 1.2F * beyond, depth);
  } else {
    hold = 0.5F * rise(0.55F, 1, lips.out) * fall(0, 0.6F + 0.8F * beyond, depth);
  }
  const float side = 1 - 0.9F * rise(1, 2.6F, lips.out);
  return hold * side * fall(0.35F, 1.05F, back);
}

/// Where a turn by the whole angle takes the place.
float3 MouthShapes::opened(const MouthPlace& from) const {
  const float3 arm = from.place - hinge_;
  const float c = std::cos(open_rad_), s = std::sin(open_rad_);
  return float3(0, c * arm.y - s * arm.z, s * arm.y + c * arm.z) - float3(0, arm.y, arm.z);
}

float3 MouthShapes::way(BlendShape shape, const MouthPlace& from) const {
  using enum BlendShape;
  const Lips lips = lips_at(from);
  const float unit = line_.half_width();
  const auto jaw = [&] { return hold_of_jaw(from, lips); };
  switch (shape) {
    case jawOpen:
      return opened(from) * jaw();
    case jawForward:
      return float3(0, 0, 0.25F * unit) * jaw();
    case jawLeft:
      return float3(0.3F * unit, 0, 0) * jaw();
    case jawRight:
      return float3(-0.3F * unit, 0, 0) * jaw();
    default:
      break;
  }
  if (from.flesh != MouthFlesh::soft) return float3(0.0F);
  const float corner = rise(0.2F, 1.05F, lips.out) * lips.near(1.7F);
  const auto one_side = [&](bool is_left) {
    return rise(-0.5F, 0.5F, is_left ? lips.aside : -lips.aside);
  };
  // To a side's own left or right, up, forward.
  const auto corner_way = [&](bool is_left, float3 way) {
    const bool is_there = is_left ? lips.aside > 0 : lips.aside < 0;
    if (!is_there) return float3(0.0F);
    return float3(is_left ? way.x : -way.x, way.y, way.z) * (unit * corner);
  };
  const float lower = lips.is_lower ? lips.edge() : 0, upper = lips.is_lower ? 0 : lips.edge();
  const float lip = lips.near(1.2F);
  switch (shape) {
    case mouthPucker:
      return float3(-0.5F * lips.aside, 0, 0.3F) * (unit * lips.near(2.2F));
    case mouthFunnel:
      return float3(-0.3F * lips.aside, 0.2F * (upper - lower) * lip, 0.24F) *
             (unit * lips.near(2.2F));
    case mouthSmileLeft:
    case mouthSmileRight:
      return corner_way(shape == mouthSmileLeft, {0.25F, 0.38F, -0.18F});
    case mouthFrownLeft:
    case mouthFrownRight:
      return corner_way(shape == mouthFrownLeft, {0.05F, -0.32F, -0.08F});
    case mouthDimpleLeft:
    case mouthDimpleRight:
      return corner_way(shape == mouthDimpleLeft, {0.16F, 0.06F, -0.2F});
    case mouthStretchLeft:
    case mouthStretchRight:
      return corner_way(shape == mouthStretchLeft, {0.28F, -0.08F, -0.18F});
    case mouthRollLower:
      return float3(0, 0.15F, -0.18F) * (unit * lower * lips.near(0.7F));
    case mouthRollUpper:
      return float3(0, -0.12F, -0.15F) * (unit * upper * lips.near(0.7F));
    case mouthPressLeft:
    case mouthPressRight: {
      // Thinner, and no lip into the other.
      const float thin = rise(0, 0.3F, lips.away) * lips.near(0.9F) * lips.edge();
      const float up = lips.is_lower ? 0.06F : -0.06F;
      return float3(0, up * thin, -0.04F * lips.near(0.7F) * lips.edge()) *
             (unit * one_side(shape == mouthPressLeft));
    }
    case mouthLowerDownLeft:
    case mouthLowerDownRight:
      return float3(0, -0.24F, 0) * (unit * lower * lip * one_side(shape == mouthLowerDownLeft));
    case mouthUpperUpLeft:
    case mouthUpperUpRight:
      return float3(0, 0.2F, 0) * (unit * upper * lip * one_side(shape == mouthUpperUpLeft));
    default:
      return float3(0.0F);
  }
}

}  // namespace vivavox
