#include "engine/stage/rig.h"

#include <algorithm>
#include <array>

#include "engine/stage/held.h"
#include "engine/stage/node_constraints.h"
#include "engine/stage/target_names.h"

namespace vivavox {

namespace {

/// The nodes that carry vertices, and those above them.
std::vector<bool> skeleton(const Avatar& avatar) {
  std::vector<bool> in(avatar.nodes.size(), false);
  for (const AvatarPart& part : avatar.parts) {
    for (const Bone& bone : part.bones) {
      for (std::optional<std::size_t> node = bone.node; node && !in[*node];
           node = avatar.nodes[*node].parent) {
        in[*node] = true;
      }
    }
  }
  return in;
}

std::optional<std::size_t> find_joint(const Avatar& avatar, const std::vector<bool>& candidates,
                                      std::span<const std::string_view> endings) {
  for (const std::string_view ending : endings) {
    for (std::size_t i = 0; i < avatar.nodes.size(); ++i) {
      if (candidates[i] && letters_of(avatar.nodes[i].name).ends_with(ending)) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

FaceJoints find_joints(const Avatar& avatar) {
  static constexpr std::array<std::string_view, 2> head{"head", "head1"};
  static constexpr std::array<std::string_view, 4> neck{"neck", "neck1", "neck01", "necktwist01"};
  static constexpr std::array<std::string_view, 5> left{"lefteye", "eyeleft", "eyel", "leye",
                                                        "lfaceeye"};
  static constexpr std::array<std::string_view, 5> right{"righteye", "eyeright", "eyer", "reye",
                                                         "rfaceeye"};
  static constexpr std::array<std::string_view, 6> jaw{"jawroot",  "lowerjaw", "jawmaster",
                                                       "jawbonex", "mandible", "jaw"};
  const std::vector<bool> candidates = skeleton(avatar);
  const auto find = [&](std::string_view bone, std::span<const std::string_view> endings) {
    const auto named = avatar.humanoid.find(bone);
    return named != avatar.humanoid.end() ? std::optional(named->second)
                                          : find_joint(avatar, candidates, endings);
  };
  return {.head = find("head", head),
          .neck = find("neck", neck),
          .left_eye = find("leftEye", left),
          .right_eye = find("rightEye", right),
          .jaw = find("jaw", jaw)};
}

Rig::Rig(const Avatar& avatar)
    : target_count_(avatar.target_names.size()),
      joints_(find_joints(avatar)),
      rest_world_(rest_transforms(avatar)) {
  for (const AvatarNode& node : avatar.nodes) rest_local_.push_back(local_transform(node));
  abilities_.fill(Ability::missing);
  find_own_targets(avatar);
  find_mixes(avatar);
  try_jaw(avatar);
}

/// Opening turns what hangs on the jaw down and back, be the joint behind it or above.
void Rig::try_jaw(const Avatar& avatar) {
  constexpr float widest_rad = 0.44F;  // 25°
  constexpr float held = 0.5F;
  Ability& ability = abilities_[static_cast<std::size_t>(BlendShape::jawOpen)];
  if (!joints_.jaw || ability != Ability::missing) return;
  float3 way(0.0F);
  for (const AvatarPart& part : avatar.parts) {
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      const float hold = hold_of(avatar, part, i, *joints_.jaw);
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

std::vector<float> Rig::target_weights(const BlendWeights& weights, const Tongue& tongue) const {
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

std::vector<JointRotation> Rig::joint_rotations(const Avatar& avatar, const FacePose& pose) const {
  std::vector<JointRotation> rotations;
  // The pose's rotations are about the model's axes; a joint's are about its
  // parent's, as they lie at rest.
  const auto turn = [&](std::optional<std::size_t> joint, const Rotation& rotation) {
    if (!joint) return;
    const AvatarNode& node = avatar.nodes[*joint];
    quatf parent(1, 0, 0, 0);
    for (std::optional<std::size_t> above = node.parent; above;
         above = avatar.nodes[*above].parent) {
      parent = avatar.nodes[*above].rotation * parent;
    }
    rotations.push_back({*joint, inverse(parent) * quaternion(rotation) * parent * node.rotation});
  };
  turn(joints_.neck, pose.neck);
  turn(joints_.head, pose.head);
  turn(joints_.left_eye, pose.left_eye);
  turn(joints_.right_eye, pose.right_eye);
  if (opens_by_jaw()) {
    const BlendWeights& w = pose.weights;
    const float open = std::clamp(w[BlendShape::jawOpen] - w[BlendShape::mouthClose], 0.0F, 1.0F);
    turn(joints_.jaw, {.pitch_rad = open_jaw_rad_ * open});
  }
  return rotations;
}

std::vector<mat4f> Rig::local_transforms(const Avatar& avatar, const FacePose& pose) const {
  std::vector<mat4f> local = rest_local_;
  const std::vector<JointRotation> turned = joint_rotations(avatar, pose);
  for (const JointRotation& joint : turned) {
    AvatarNode node = avatar.nodes[joint.node];
    node.rotation = joint.rotation;
    local[joint.node] = local_transform(node);
  }
  if (!avatar.constraints.empty()) {
    std::vector<quatf> rotations;
    for (const AvatarNode& node : avatar.nodes) rotations.push_back(node.rotation);
    for (const JointRotation& joint : turned) rotations[joint.node] = joint.rotation;
    apply_node_constraints(avatar, rotations, local);
  }
  return local;
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
