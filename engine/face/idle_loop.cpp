#include "engine/face/idle_loop.h"

#include <cmath>

#include "engine/face/random.h"

namespace vivavox {

namespace {

constexpr double seam_s = 1;

float between(float a, float b, double share) {
  return static_cast<float>(static_cast<double>(a) + static_cast<double>(b - a) * share);
}

Rotation between(const Rotation& a, const Rotation& b, double share) {
  return {between(a.pitch_rad, b.pitch_rad, share), between(a.yaw_rad, b.yaw_rad, share),
          between(a.roll_rad, b.roll_rad, share)};
}

}  // namespace

FacePose mixed(const FacePose& a, const FacePose& b, double share) {
  FacePose pose;
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    pose.weights.values()[i] = between(a.weights.values()[i], b.weights.values()[i], share);
  }
  pose.head = between(a.head, b.head, share);
  pose.neck = between(a.neck, b.neck, share);
  pose.left_eye = between(a.left_eye, b.left_eye, share);
  pose.right_eye = between(a.right_eye, b.right_eye, share);
  pose.tongue = {between(a.tongue.tip_up, b.tongue.tip_up, share),
                 between(a.tongue.back_up, b.tongue.back_up, share)};
  pose.breath = between(a.breath, b.breath, share);
  return pose;
}

FacePose looped_pose(const Performance& idle, double t_s) {
  const double round_s = t_s - std::floor(t_s / idle_loop_s) * idle_loop_s;
  const FacePose pose = idle.pose(round_s);
  const double share = smoothstep((round_s - (idle_loop_s - seam_s)) / seam_s);
  return share <= 0 ? pose : mixed(pose, idle.pose(round_s - idle_loop_s), share);
}

}  // namespace vivavox
