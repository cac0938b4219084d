// Vectors, quaternions and matrices: Filament's own headers, which need nothing
// else, so that values reach the renderer as they are.
#pragma once

#include <math/mat3.h>
#include <math/mat4.h>
#include <math/quat.h>
#include <math/vec2.h>
#include <math/vec3.h>
#include <math/vec4.h>

#include <cmath>

#include "engine/face/face_pose.h"

namespace vivavox {

using filament::math::float2;
using filament::math::float3;
using filament::math::float4;
using filament::math::mat3f;
using filament::math::mat4f;
using filament::math::quatf;

/// The rotation as a quaternion: roll first, then pitch, then yaw.
inline quatf quaternion(const Rotation& rotation) {
  const auto about = [](float angle_rad, float3 axis) {
    const float half = angle_rad / 2;
    return quatf(axis * std::sin(half), std::cos(half));
  };
  return about(rotation.yaw_rad, {0, 1, 0}) * about(rotation.pitch_rad, {1, 0, 0}) *
         about(rotation.roll_rad, {0, 0, 1});
}

/// A unit vector across `normal`.
inline float3 any_tangent(float3 normal) {
  const float3 axis = std::abs(normal.x) < 0.7F ? float3(1, 0, 0) : float3(0, 1, 0);
  return normalize(cross(axis, normal));
}

/// The shortest turn that takes one unit vector to the other.
inline quatf turn_between(float3 from, float3 to) {
  const float w = 1.0F + dot(from, to);
  if (w < 1e-4F) return quatf(any_tangent(from), 0.0F);
  return normalize(quatf(cross(from, to), w));
}

/// `matrix` applied to the point.
inline float3 transformed(const mat4f& matrix, float3 point) {
  return (matrix * float4(point, 1.0F)).xyz;
}

}  // namespace vivavox
