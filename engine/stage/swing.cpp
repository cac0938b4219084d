#include "engine/stage/swing.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

constexpr double step_s = 1.0 / 60;
constexpr double longest_pause_s = 0.5;
/// In so many steps without speed what a collider pushed has come to rest.
constexpr int quiet_steps = 30;

/// The direction of `way`; of what has none, or is no number, `otherwise`.
float3 direction(float3 way, float3 otherwise) {
  const float size = length(way);
  return size > 1e-9F && size < 1e9F ? way / size : otherwise;
}

float3 turned(const mat4f& matrix, float3 way) {
  return matrix[0].xyz * way.x + matrix[1].xyz * way.y + matrix[2].xyz * way.z;
}

/// What `turned` makes `way` of, for whatever scales and mirrors.
float3 turned_back(const mat4f& matrix, float3 way) {
  const float3 x = matrix[0].xyz, y = matrix[1].xyz, z = matrix[2].xyz;
  const float3 across = cross(y, z);
  return float3(dot(across, way), dot(cross(z, x), way), dot(cross(x, y), way)) / dot(across, x);
}

}  // namespace

/// What a step takes place in.
struct Swing::Scene {
  const Avatar& avatar;
  std::span<const mat4f> local;
  std::vector<mat4f> carriers;
  std::vector<mat4f> placed = {};  ///< of moved_
  std::vector<float3> lines = {};  ///< of each collider: where it begins, and the way to its end
};

Swing::Swing(const Avatar& avatar) : carrier_of_(avatar.nodes.size(), none) {
  if (avatar.springs.empty()) return;
  std::vector<std::size_t> joint_of(avatar.nodes.size(), none);
  for (std::size_t i = 0; i < avatar.springs.size(); ++i) {
    const SpringJoint& joint = avatar.springs[i];
    joint_of[joint.node] = i;
    if (joint.center) add_carrier(*joint.center);
  }
  for (const SpringCollider& collider : avatar.colliders) add_carrier(collider.node);
  std::vector<std::size_t> place(avatar.nodes.size(), none);
  for (std::size_t node = 0; node < avatar.nodes.size(); ++node) {
    const auto above = avatar.nodes[node].parent;
    Moved one{.node = node, .parent = above ? place[*above] : none, .joint = joint_of[node]};
    if (one.parent == none && one.joint == none) continue;
    if (above && one.parent == none) one.carrier = add_carrier(*above);
    place[node] = moved_.size();
    moved_.push_back(one);
  }
}

std::size_t Swing::add_carrier(std::size_t node) {
  if (carrier_of_[node] == none) {
    carrier_of_[node] = carriers_.size();
    carriers_.push_back(node);
  }
  return carrier_of_[node];
}

/// Puts everything that is moved in its place, joints turned towards their tails.
void Swing::place(Scene& scene, Moment moment, Motion& motion) const {
  scene.placed.resize(moved_.size());
  scene.lines.clear();
  for (const SpringCollider& collider : scene.avatar.colliders) {
    const mat4f& carrier = scene.carriers[carrier_of_[collider.node]];
    scene.lines.push_back(transformed(carrier, collider.from));
    scene.lines.push_back(turned(carrier, collider.to - collider.from));
  }
  for (std::size_t i = 0; i < moved_.size(); ++i) {
    const Moved& one = moved_[i];
    mat4f at = scene.local[one.node];
    if (one.parent != none) at = scene.placed[one.parent] * at;
    if (one.carrier != none) at = scene.carriers[one.carrier] * at;
    if (one.joint != none) {
      const float3 axis = direction(scene.avatar.springs[one.joint].tail, float3(0, -1, 0));
      const float3 way = tail_at(scene, moment, one.joint, at, motion) - at[3].xyz;
      at = at * mat4f(turn_between(axis, direction(turned_back(at, way), axis)));
    }
    scene.placed[i] = at;
  }
}

/// Where the tail of the joint is, which would lie at `at` at rest.
float3 Swing::tail_at(const Scene& scene, Moment moment, std::size_t index, const mat4f& at,
                      Motion& motion) const {
  const SpringJoint& joint = scene.avatar.springs[index];
  float3& kept = motion.tails[index];
  float3& before = motion.before[index];
  const mat4f center = joint.center ? scene.carriers[carrier_of_[*joint.center]] : mat4f();
  if (moment == Moment::shown) {
    const auto back = static_cast<float>(std::clamp(motion.ahead_s / step_s, 0.0, 1.0));
    return transformed(center, kept + (before - kept) * back);
  }
  const float3 head = at[3].xyz;
  const float3 rest = turned(at, joint.tail);
  const float reach = length(rest);
  const float3 resting = direction(rest, float3(0, -1, 0));
  const float3 pull = resting * joint.stiffness + joint.gravity;
  float3 tail = head;
  if (moment != Moment::rest) {
    const float speed = moment == Moment::step ? 1 - joint.drag : 0;
    tail = transformed(center, kept + (kept - before) * speed) + pull * static_cast<float>(step_s);
  } else {
    tail += pull;
  }
  tail = head + direction(tail - head, resting) * reach;
  tail = kept_out(scene, joint, head, tail, reach);
  before = kept;
  kept = turned_back(center, tail - center[3].xyz);
  return tail;
}

/// Out of the colliders, and at its length again.
float3 Swing::kept_out(const Scene& scene, const SpringJoint& joint, float3 head, float3 tail,
                       float reach) const {
  for (const std::size_t i : scene.avatar.collider_groups[joint.group]) {
    const float3 from = scene.lines[2 * i], line = scene.lines[2 * i + 1];
    const float size = dot(line, line);
    const float share = size > 0 ? std::clamp(dot(tail - from, line) / size, 0.0F, 1.0F) : 0;
    const float3 out = tail - (from + line * share);
    const float distance = length(out);
    const float least = scene.avatar.colliders[i].radius + joint.radius;
    if (!(distance < least && distance > 1e-9F)) continue;
    tail = head + direction(tail + out * (least / distance - 1) - head, out / distance) * reach;
  }
  return tail;
}

/// Each joint hangs as its forces pull, and then lies on what it would hang into.
void Swing::settle(Scene& scene, Motion& motion) const {
  motion.tails.assign(scene.avatar.springs.size(), float3(0.0F));
  motion.before = motion.tails;
  place(scene, Moment::rest, motion);
  for (int i = 0; i < quiet_steps && !scene.avatar.colliders.empty(); ++i)
    place(scene, Moment::quiet_step, motion);
  motion.before = motion.tails;
  motion.ahead_s = 0;
}

/// In whole steps, the last of which may reach beyond: the scene's carriers are on the way from
/// where they were to where they are.
void Swing::advance(Scene& scene, double elapsed_s, Motion& motion) const {
  constexpr double rounding_s = 1e-6;
  const std::vector<mat4f> now = scene.carriers;
  double at_s = motion.ahead_s;
  while (at_s < elapsed_s - rounding_s) {
    at_s += step_s;
    const auto share = static_cast<float>(std::min(at_s / elapsed_s, 1.0));
    for (std::size_t i = 0; i < now.size(); ++i)
      scene.carriers[i] = motion.carriers[i] + (now[i] - motion.carriers[i]) * share;
    place(scene, Moment::step, motion);
  }
  motion.ahead_s = at_s - elapsed_s;
  scene.carriers = now;
}

void Swing::move(const Avatar& avatar, std::span<const mat4f> local, std::span<mat4f> world,
                 double t_s, Motion& motion) const {
  if (moved_.empty()) return;
  Scene scene{.avatar = avatar, .local = local, .carriers = {}};
  for (const std::size_t node : carriers_) scene.carriers.push_back(world[node]);
  const double elapsed_s = t_s - motion.t_s;
  const bool goes_on = motion.tails.size() == avatar.springs.size() &&
                       motion.carriers.size() == carriers_.size() &&
                       std::abs(elapsed_s) <= longest_pause_s;
  if (!goes_on) settle(scene, motion);
  if (goes_on && elapsed_s > 0) advance(scene, elapsed_s, motion);
  if (!goes_on || elapsed_s > 0) motion.t_s = t_s;
  place(scene, Moment::shown, motion);
  for (std::size_t i = 0; i < moved_.size(); ++i) world[moved_[i].node] = scene.placed[i];
  motion.carriers = std::move(scene.carriers);
}

}  // namespace vivavox
