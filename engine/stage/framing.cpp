#include "engine/stage/framing.h"

#include <algorithm>
#include <limits>
#include <numbers>

#include "engine/stage/clips.h"
#include "engine/stage/held.h"

namespace vivavox {

namespace {

struct Bounds {
  float3 low{std::numeric_limits<float>::max()};
  float3 high{std::numeric_limits<float>::lowest()};

  void add(float3 point) {
    low = min(low, point);
    high = max(high, point);
  }
  bool empty() const { return low.x > high.x; }
};

template <class Choose>
Bounds bounds_of(const Avatar& avatar, const std::vector<std::uint8_t>& is_hidden,
                 std::span<const mat4f> world, Choose choose) {
  Bounds bounds;
  for (std::size_t i = 0; i < avatar.parts.size(); ++i) {
    const AvatarPart& part = avatar.parts[i];
    if (!is_hidden.empty() && is_hidden[i]) continue;
    for (std::size_t vertex = 0; vertex < part.positions.size(); ++vertex) {
      if (choose(part, vertex)) bounds.add(vertex_place(part, world, vertex));
    }
  }
  return bounds;
}

/// How far the head's joint is in the middle of all moments from where it is in the first.
float3 drift(std::span<const std::vector<mat4f>> moments, const FaceJoints& joints) {
  float3 sum(0.0F);
  if (!joints.head) return sum;
  for (const std::vector<mat4f>& world : moments)
    sum += world[*joints.head][3].xyz - moments[0][*joints.head][3].xyz;
  return sum / static_cast<float>(moments.size());
}

}  // namespace

HeadPlace find_head(const Avatar& avatar, const FaceJoints& joints,
                    const std::vector<std::uint8_t>& is_hidden) {
  const auto moments = standing_moments(avatar);
  const std::vector<mat4f>& world = moments[0];
  const std::vector<bool> head = joints.head ? nodes_below(avatar, *joints.head)
                                             : std::vector<bool>(avatar.nodes.size(), false);
  const auto on_head = [&](const AvatarPart& part, std::size_t vertex) {
    return hold_of(part, vertex, head) > 0.6F;
  };
  const auto is_skin = [&](const AvatarPart& part) {
    return avatar.materials[part.material].surface == Surface::skin;
  };
  const auto bounds_where = [&](auto choose) {
    return bounds_of(avatar, is_hidden, world, choose);
  };
  Bounds bounds = bounds_where([&](const AvatarPart& part, std::size_t vertex) {
    return is_skin(part) && on_head(part, vertex);
  });
  if (bounds.empty()) bounds = bounds_where(on_head);
  if (bounds.empty()) {
    bounds =
        bounds_where([](const AvatarPart& part, std::size_t) { return !part.targets.empty(); });
  }
  if (bounds.empty()) {
    bounds = bounds_where([](const AvatarPart&, std::size_t) { return true; });
    // A standing figure is some seven heads high.
    const float3 size = bounds.high - bounds.low;
    if (size.y > 2.5F * size.x) bounds.low.y = bounds.high.y - size.y / 7;
  }
  const float3 size = bounds.high - bounds.low;
  return {.centre = (bounds.low + bounds.high) * 0.5F + drift(moments, joints),
          .height = std::max(size.y, 1e-6F)};
}

mat4f to_stage(const HeadPlace& head) {
  return mat4f::scaling(float3(1 / head.height)) * mat4f::translation(-head.centre);
}

Shot shot_of(View view) {
  switch (view) {
    case View::front:
      return {};
    case View::three_quarter:
      return {.yaw_deg = 35};
    case View::profile:
      return {.yaw_deg = 90};
    case View::head:
      return {.height_shown = 1.25, .target_y = 0, .fit = ShotFit::exact};
    case View::full:
      return {.fit = ShotFit::figure};
  }
  return {};
}

namespace {

/// The picture's height and middle, in heads.
struct Field {
  double height, middle;
};

/// From the chin or lower to the top of the hair, if need be.
Field with_hair(const Shot& shot, const Extent& extent) {
  constexpr double room = 0.05;
  const double bottom = shot.target_y - shot.height_shown / 2;
  const double top = std::max(bottom + shot.height_shown, extent.top + room);
  return {top - bottom, (top + bottom) / 2};
}

/// All of an avatar with some air around it; one without legs stands on the picture's edge.
Field whole(const Extent& extent, double aspect) {
  constexpr double room = 1.06, least_with_legs = 3.5;
  const double reach = extent.top - extent.bottom;
  const double height = room * std::max(reach, 2 * extent.half_width / aspect);
  if (reach < least_with_legs) return {height, extent.bottom + height / 2};
  return {height, (extent.top + extent.bottom) / 2.0};
}

Field field_of(const Shot& shot, double aspect, const Extent& extent) {
  if (shot.fit == ShotFit::figure) return whole(extent, aspect);
  const Field field =
      shot.fit == ShotFit::hair ? with_hair(shot, extent) : Field{shot.height_shown, shot.target_y};
  constexpr double head_width = 1.15;
  const double height = std::max(field.height, std::min(field.height, head_width) / aspect);
  return {height, field.middle * height / field.height};
}

}  // namespace

CameraPlace camera_for(const Shot& shot, double aspect, const Extent& extent) {
  constexpr double vertical_field_deg = 22;
  constexpr double rad_per_deg = std::numbers::pi / 180;
  const Field field = field_of(shot, aspect, extent);
  const double distance = field.height / 2 / std::tan(vertical_field_deg / 2 * rad_per_deg);
  const double yaw = shot.yaw_deg * rad_per_deg;
  const float3 target(0.0F, static_cast<float>(field.middle), 0.0F);
  const float3 direction(static_cast<float>(std::sin(yaw)), static_cast<float>(shot.rise),
                         static_cast<float>(std::cos(yaw)));
  return {.eye = target + direction * static_cast<float>(distance),
          .target = target,
          .vertical_field_deg = vertical_field_deg};
}

}  // namespace vivavox
