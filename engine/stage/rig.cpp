#include "engine/stage/rig.h"

#include <algorithm>
#include <array>

#include "engine/stage/held.h"
#include "engine/stage/node_constraints.h"
#include "engine/stage/target_names.h"

namespace vivavox {

Rig::Rig(const Avatar& avatar)
    : target_count_(avatar.target_names.size()),
      joints_(find_joints(avatar)),
      rest_world_(rest_transforms(avatar)) {
  for (const AvatarNode& node : avatar.nodes) {
    above_.push_back(node.parent ? above_[*node.parent] * avatar.nodes[*node.parent].rotation
                                 : quatf(1, 0, 0, 0));
  }
  abilities_.fill(Ability::missing);
  find_own_targets(avatar);
  find_mixes(avatar);
  try_jaw(avatar);
  try_lids(avatar);
}

/// Opening turns what hangs on the jaw down and back, be the joint behind it or above.
void Rig::try_jaw(const Avatar& avatar) {
  constexpr float widest_rad = 0.44F;  // 25°
  constexpr float held = 0.5F;
  Ability& ability = abilities_[static_cast<std::size_t>(BlendShape::jawOpen)];
  if (!joints_.jaw || ability != Ability::missing) return;
  const std::vector<bool> on_jaw = nodes_below(avatar, *joints_.jaw);
  float3 way(0.0F);
  for (const AvatarPart& part : avatar.parts) {
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      const float hold = hold_of(part, i, on_jaw);
      if (hold < held) continue;
      way += (vertex_place(part, rest_world_, i) - rest_world_[*joints_.jaw][3].xyz) * hold;
    }
  }
  if (!(length(way) > 0)) return;
  open_jaw_rad_ = way.z > way.y ? widest_rad : -widest_rad;
  ability = Ability::approximated;
}

void Rig::find_own_targets(const Avatar& avatar) {
  for (const AvatarExpression& one : avatar.expressions) find_own(one.name, one.shares);
  for (std::size_t target = 0; target < target_count_; ++target) {
    const TargetShare whole{.target = target, .weight = 1};
    find_own(avatar.target_names[target], {&whole, 1});
    if (const auto move = tongue_move_of(avatar.target_names[target])) {
      (*move == TongueMove::tip_up ? tongue_tips_ : tongue_backs_).push_back(target);
    }
  }
}

void Rig::find_own(std::string_view name, std::span<const TargetShare> shares) {
  const auto shape = arkit_shape_of(name);
  if (!shape || shares.empty()) return;
  const bool is_gaze = vivavox::name(*shape).starts_with("eyeLook");
  abilities_[static_cast<std::size_t>(*shape)] = Ability::own;
  auto& known = own_targets_[static_cast<std::size_t>(*shape)];
  for (const TargetShare& share : shares) {
    // An expression and a target of one name are one.
    if (std::ranges::contains(known, share.target, &TargetShare::target)) continue;
    known.push_back(share);
    if (is_gaze) gaze_targets_.push_back(share.target);
  }
}

void Rig::find_mixes(const Avatar& avatar) {
  std::vector<bool> is_in_expression(target_count_, false);
  for (const AvatarExpression& one : avatar.expressions) {
    if (!add_mix(one.name, {.shares = one.shares,
                            .effect = {},
                            .is_binary = one.is_binary,
                            .leaves_mouth = one.leaves_mouth})) {
      continue;
    }
    for (const TargetShare& share : one.shares) is_in_expression[share.target] = true;
  }
  for (std::size_t target = 0; target < target_count_; ++target) {
    if (is_in_expression[target]) continue;
    add_mix(avatar.target_names[target],
            {.shares = {{.target = target, .weight = 1}}, .effect = {}});
  }
  compare_mixes();
}

/// Where the name tells of an effect on shapes that the rig has not for themselves; else returns
/// false.
bool Rig::add_mix(std::string_view name, Mix mix) {
  const auto effect = arkit_mix_of(name);
  if (!effect || mix.shares.empty()) return false;
  mix.effect = effect->values();
  float size = 0;
  for (std::size_t shape = 0; shape < blend_shape_count; ++shape) {
    if (abilities_[shape] == Ability::own) mix.effect[shape] = 0;
    size += mix.effect[shape] * mix.effect[shape];
  }
  if (size <= 1e-4F) return false;
  mixes_.push_back(std::move(mix));
  return true;
}

void Rig::compare_mixes() {
  for (const Mix& a : mixes_) {
    auto& row = overlap_.emplace_back();
    for (const Mix& b : mixes_) {
      float sum = 0;
      for (std::size_t shape = 0; shape < blend_shape_count; ++shape)
        sum += a.effect[shape] * b.effect[shape];
      row.push_back(sum);
    }
    for (std::size_t shape = 0; shape < blend_shape_count; ++shape) {
      if (a.effect[shape] > 0.1F) abilities_[shape] = Ability::approximated;
    }
  }
}

/// Coordinate descent on |Σ wᵢ effectᵢ − weights|² with 0 ≤ wᵢ ≤ 1, over the
/// shapes without a target of their own.
void Rig::fit_mixes(const BlendWeights& weights, std::vector<float>& target_weights) const {
  constexpr int sweeps = 24;
  std::vector<float> wanted;
  for (const Mix& mix : mixes_) {
    float sum = 0;
    for (std::size_t shape = 0; shape < blend_shape_count; ++shape)
      sum += mix.effect[shape] * weights.values()[shape];
    wanted.push_back(sum);
  }
  std::vector<float> mixed(mixes_.size(), 0.0F);
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (std::size_t i = 0; i < mixes_.size(); ++i) {
      float rest = wanted[i];
      for (std::size_t k = 0; k < mixes_.size(); ++k) rest -= overlap_[i][k] * mixed[k];
      mixed[i] = std::clamp(mixed[i] + rest / overlap_[i][i], 0.0F, 1.0F);
    }
  }
  float speech = 0;
  for (std::size_t i = 0; i < mixes_.size(); ++i) {
    if (mixes_[i].opens_mouth()) speech = std::max(speech, mixed[i]);
  }
  for (std::size_t i = 0; i < mixes_.size(); ++i) {
    const Mix& mix = mixes_[i];
    float weight = mix.leaves_mouth ? mixed[i] : mixed[i] * (1 - speech);
    if (mix.is_binary) weight = weight > 0.5F ? 1.0F : 0.0F;
    for (const TargetShare& share : mix.shares) {
      float& sum = target_weights[share.target];
      sum = std::min(sum + weight * share.weight, 1.0F);
    }
  }
}

std::vector<float> Rig::target_weights(const BlendWeights& wanted, const Tongue& tongue) const {
  BlendWeights weights = wanted;
  // Lips that nothing closes over an open jaw are closed by the jaw.
  if (abilities_[static_cast<std::size_t>(BlendShape::mouthClose)] != Ability::own) {
    weights[BlendShape::jawOpen] =
        std::max(0.0F, weights[BlendShape::jawOpen] - weights[BlendShape::mouthClose]);
  }
  std::vector<float> out(target_count_, 0.0F);
  for (const std::size_t target : tongue_tips_) out[target] = tongue.tip_up;
  for (const std::size_t target : tongue_backs_) out[target] = tongue.back_up;
  for (std::size_t shape = 0; shape < blend_shape_count; ++shape) {
    for (const TargetShare& share : own_targets_[shape])
      out[share.target] =
          std::min(out[share.target] + share.weight * weights.values()[shape], 1.0F);
  }
  if (!mixes_.empty()) fit_mixes(weights, out);
  return out;
}

bool Rig::is_turned_by_eyes(const Avatar& avatar, const AvatarPart& part) const {
  return avatar.materials[part.material].surface == Surface::eye &&
         std::ranges::any_of(part.bones, [&](const Bone& bone) {
           return bone.node == joints_.left_eye || bone.node == joints_.right_eye;
         });
}

void Rig::drop_gaze(std::span<float> target_weights) const {
  for (const std::size_t target : gaze_targets_) target_weights[target] = 0;
}

void Rig::try_lids(const Avatar& avatar) {
  for (const Lid& lid : find_lids(avatar, joints_, rest_world_)) {
    if (abilities_[static_cast<std::size_t>(lid.blink)] == Ability::missing) lids_.push_back(lid);
  }
  for (const Lid& lid : lids_)
    abilities_[static_cast<std::size_t>(lid.blink)] = Ability::approximated;
}

std::vector<MovedJoint> Rig::moved_joints(const FacePose& pose,
                                          std::span<const Transform> places) const {
  std::vector<MovedJoint> moved;
  // The pose's rotations are about the model's axes; a joint's are about its
  // parent's, as they lie at rest.
  const auto turn = [&](std::optional<std::size_t> joint, const Rotation& rotation) {
    if (!joint) return;
    Transform place = places[*joint];
    const quatf& above = above_[*joint];
    place.rotation = inverse(above) * quaternion(rotation) * above * place.rotation;
    moved.push_back({*joint, place});
  };
  turn(joints_.neck, pose.neck);
  turn(joints_.head, pose.head);
  turn(joints_.left_eye, pose.left_eye);
  turn(joints_.right_eye, pose.right_eye);
  constexpr float full_breath_rad = 0.02F;
  turn(joints_.left_shoulder, {.roll_rad = full_breath_rad * pose.breath});
  turn(joints_.right_shoulder, {.roll_rad = -full_breath_rad * pose.breath});
  const BlendWeights& w = pose.weights;
  if (opens_by_jaw()) {
    const float open = std::clamp(w[BlendShape::jawOpen] - w[BlendShape::mouthClose], 0.0F, 1.0F);
    turn(joints_.jaw, {.pitch_rad = open_jaw_rad_ * open});
  }
  for (const Lid& lid : lids_)
    moved.push_back({lid.node, turned_lid(lid, w[lid.blink], places[lid.node])});
  return moved;
}

std::vector<mat4f> Rig::local_transforms(const Avatar& avatar, const FacePose& pose,
                                         std::vector<Transform> places) const {
  for (const MovedJoint& joint : moved_joints(pose, places)) places[joint.node] = joint.place;
  std::vector<mat4f> local;
  for (const Transform& place : places) local.push_back(matrix_of(place));
  if (!avatar.constraints.empty()) apply_node_constraints(avatar, places, local);
  return local;
}

std::vector<mat4f> Rig::local_transforms(const Avatar& avatar, const FacePose& pose) const {
  return local_transforms(avatar, pose, rest_places(avatar));
}

void set_eye_rotations(FacePose& pose) {
  const BlendWeights& w = pose.weights;
  pose.left_eye = {.pitch_rad = full_gaze_pitch_rad *
                                (w[BlendShape::eyeLookDownLeft] - w[BlendShape::eyeLookUpLeft]),
                   .yaw_rad = full_gaze_yaw_rad *
                              (w[BlendShape::eyeLookOutLeft] - w[BlendShape::eyeLookInLeft])};
  pose.right_eye = {.pitch_rad = full_gaze_pitch_rad *
                                 (w[BlendShape::eyeLookDownRight] - w[BlendShape::eyeLookUpRight]),
                    .yaw_rad = full_gaze_yaw_rad *
                               (w[BlendShape::eyeLookInRight] - w[BlendShape::eyeLookOutRight])};
}

}  // namespace vivavox
