#include "engine/face/life.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/face/random.h"

namespace vivavox {

namespace {

constexpr double radians_per_degree = std::numbers::pi / 180;

constexpr double closing_s = 0.07;
constexpr double closed_s = 0.04;
constexpr double opening_s = 0.13;
constexpr double blink_s = closing_s + closed_s + opening_s;

double one_blink(double since_s) {
  if (since_s <= 0 || since_s >= blink_s) return 0;
  return smoothstep(since_s / closing_s) *
         (1 - smoothstep((since_s - closing_s - closed_s) / opening_s));
}

/// A break close to the blink, if any. Blinks at the very beginning stay, so
/// that one which began while idle goes on when speech starts.
double moved_to_break(double at_s, const std::vector<double>& breaks_s) {
  constexpr double reach_s = 0.3;
  constexpr double settled_s = 0.6;
  if (at_s < settled_s) return at_s;
  const auto next = std::ranges::lower_bound(breaks_s, at_s);
  double moved_s = at_s;
  double distance_s = reach_s;
  const auto consider = [&](double break_s) {
    if (std::abs(break_s - at_s) < distance_s) {
      moved_s = break_s;
      distance_s = std::abs(break_s - at_s);
    }
  };
  if (next != breaks_s.end()) consider(*next);
  if (next != breaks_s.begin()) consider(*(next - 1));
  return moved_s;
}

constexpr double glance_slot_s = 2.6;
constexpr double fixation_slot_s = 0.8;

double saccade_s(double amplitude_rad) {
  return 0.021 + 0.0022 * amplitude_rad / radians_per_degree;
}

double random_sign(std::uint32_t seed, Stream stream, std::int64_t index) {
  return uniform(seed, stream, index) < 0.5 ? -1 : 1;
}

/// The offset of a glance aside at `idle_s`, faded in and out by saccades.
Rotation glance(double idle_s, std::uint32_t seed, const Temper& temper) {
  const auto slot = static_cast<std::int64_t>(std::floor(idle_s / glance_slot_s));
  if (uniform(seed, Stream::glance_taken, slot) >= static_cast<double>(temper.gaze_aversion)) {
    return {};
  }
  const double start_s = glance_slot_start_s(idle_s) +
                         uniform(seed, Stream::glance_time, slot, 0.05, 0.4) * glance_slot_s;
  const double length_s = uniform(seed, Stream::glance_length, slot, 0.4, 1.0) *
                          (1 + 0.4 * static_cast<double>(temper.gaze_aversion));
  const double yaw = random_sign(seed, Stream::glance_yaw, 2 * slot) *
                     static_cast<double>(temper.gaze_yaw_rad) *
                     uniform(seed, Stream::glance_yaw, 2 * slot + 1, 0.6, 1.2);
  const double pitch = static_cast<double>(temper.gaze_pitch_rad) +
                       uniform(seed, Stream::glance_pitch, slot, -0.05, 0.05);
  const double move_s = saccade_s(std::hypot(yaw, pitch));
  const double share = smoothstep((idle_s - start_s) / move_s) *
                       (1 - smoothstep((idle_s - start_s - length_s) / move_s));
  return {static_cast<float>(pitch * share), static_cast<float>(yaw * share), 0};
}

/// Small jumps about the point that is looked at.
Rotation fixation(double idle_s, std::uint32_t seed) {
  constexpr double yaw_max = 0.7 * radians_per_degree;
  constexpr double pitch_max = 0.4 * radians_per_degree;
  constexpr double jump_s = 0.03;
  const auto slot = static_cast<std::int64_t>(std::floor(idle_s / fixation_slot_s));
  const double start_s = static_cast<double>(slot) * fixation_slot_s +
                         uniform(seed, Stream::glance_time, -slot) * (fixation_slot_s - jump_s);
  const double share = smoothstep((idle_s - start_s) / jump_s);
  const auto between = [&](Stream stream, double max) {
    const double from = uniform(seed, stream, slot - 1, -max, max);
    return static_cast<float>(from + share * (uniform(seed, stream, slot, -max, max) - from));
  };
  return {between(Stream::fixation_pitch, pitch_max), between(Stream::fixation_yaw, yaw_max), 0};
}

/// Two octaves: posture, and the small corrections on top of it.
double sway(std::uint32_t seed, Stream stream, double idle_s, double amplitude_deg) {
  constexpr double posture_hz = 0.27;
  constexpr double correction_hz = 0.83;
  const double value = noise(seed, stream, idle_s * posture_hz) +
                       0.22 * noise(seed + 1, stream, idle_s * correction_hz);
  return amplitude_deg * radians_per_degree * value;
}

}  // namespace

double blink(double t_s, std::uint32_t seed, const MoodClock& clock,
             const std::vector<double>& breaks_s) {
  constexpr double double_share = 0.15;
  constexpr double double_gap_s = 0.06;
  const auto slot = static_cast<std::int64_t>(std::floor(clock.phase(t_s)));
  double closed = 0;
  for (std::int64_t k = slot - 1; k <= slot + 1; ++k) {
    const double phase = static_cast<double>(k) + uniform(seed, Stream::blink_time, k, 0.18, 0.82);
    const double at_s = moved_to_break(clock.time_s(phase), breaks_s);
    closed = std::max(closed, one_blink(t_s - at_s));
    if (uniform(seed, Stream::blink_double, k) < double_share) {
      closed = std::max(closed, one_blink(t_s - at_s - blink_s - double_gap_s));
    }
  }
  return closed;
}

double glance_slot_start_s(double idle_s) {
  return std::floor(idle_s / glance_slot_s) * glance_slot_s;
}

Rotation gaze(double idle_s, std::uint32_t seed, const Temper& temper) {
  const Rotation aside = glance(idle_s, seed, temper);
  const Rotation jitter = fixation(idle_s, seed);
  return {aside.pitch_rad + jitter.pitch_rad, aside.yaw_rad + jitter.yaw_rad, 0};
}

Rotation head_sway(double idle_s, std::uint32_t seed) {
  return {static_cast<float>(sway(seed, Stream::head_pitch, idle_s, 1.6)),
          static_cast<float>(sway(seed, Stream::head_yaw, idle_s, 2.6)),
          static_cast<float>(sway(seed, Stream::head_roll, idle_s, 1.4))};
}

double breath(double phase) {
  constexpr double inhaling = 0.4;  // the share of a breath
  const double x = phase - std::floor(phase);
  const double half = x < inhaling ? x / inhaling : 1 - (x - inhaling) / (1 - inhaling);
  return 2 * smoothstep(half) - 1;
}

void look(FacePose& pose, const Rotation& gaze) {
  constexpr float against_head = 0.9F;  // the vestibulo-ocular reflex, nearly all of it
  constexpr float vergence_rad = 0.02F;
  const float pitch =
      std::clamp(gaze.pitch_rad - against_head * (pose.head.pitch_rad + pose.neck.pitch_rad),
                 -full_gaze_pitch_rad, full_gaze_pitch_rad);
  const float yaw = gaze.yaw_rad - against_head * (pose.head.yaw_rad + pose.neck.yaw_rad);
  const auto turned = [&](float towards_nose) {
    return Rotation{pitch, std::clamp(yaw + towards_nose, -full_gaze_yaw_rad, full_gaze_yaw_rad),
                    0};
  };
  pose.left_eye = turned(-vergence_rad);
  pose.right_eye = turned(vergence_rad);
  using enum BlendShape;
  const auto push = [&](BlendShape shape, float weight) {
    pose.weights[shape] = std::clamp(std::max(pose.weights[shape], weight), 0.0F, 1.0F);
  };
  for (const BlendShape shape : {eyeLookDownLeft, eyeLookDownRight}) {
    push(shape, pitch / full_gaze_pitch_rad);
  }
  for (const BlendShape shape : {eyeLookUpLeft, eyeLookUpRight}) {
    push(shape, -pitch / full_gaze_pitch_rad);
  }
  push(eyeLookOutLeft, pose.left_eye.yaw_rad / full_gaze_yaw_rad);
  push(eyeLookInLeft, -pose.left_eye.yaw_rad / full_gaze_yaw_rad);
  push(eyeLookInRight, pose.right_eye.yaw_rad / full_gaze_yaw_rad);
  push(eyeLookOutRight, -pose.right_eye.yaw_rad / full_gaze_yaw_rad);
}

}  // namespace vivavox
