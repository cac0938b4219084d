// What an avatar's rig can do: how the 52 ARKit blend shapes and the joints of
// a FacePose reach its morph targets and nodes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/face/face_pose.h"
#include "engine/stage/avatar.h"
#include "engine/stage/face_joints.h"
#include "engine/stage/lids.h"

namespace vivavox {

/// How well a rig shows a blend shape or a viseme.
enum class Ability {
  own,           ///< by a morph target of that very meaning
  approximated,  ///< by other targets of similar effect
  missing,
};

/// A node that a pose moves, and where it is then in its parent.
struct MovedJoint {
  std::size_t node = 0;
  Transform place;
};

/// Maps poses to one avatar.
///
/// Targets and expressions of an ARKit name take their weight as it is. What a rig without
/// some of those names cannot show directly is approximated by its other targets and
/// expressions whose effect is known in ARKit terms (`viseme_*`, VRM's presets, both-sided
/// ones such as "mouthSmile"): by non-negative least squares over the shapes that are
/// missing. Where an expression would keep the mouth from speaking, speech goes first. A mouth
/// without anything that opens it is opened by the jaw's joint, where vertices hang on that, and
/// eyes without anything that closes them are closed by lids that hang on bones.
class Rig {
 public:
  explicit Rig(const Avatar& avatar);

  /// Weights of the avatar's targets, indexed like Avatar::target_names.
  std::vector<float> target_weights(const BlendWeights& weights, const Tongue& tongue = {}) const;

  /// Whether the eyes' joints turn a part: what its targets would show of the gaze is shown
  /// already.
  bool is_turned_by_eyes(const Avatar& avatar, const AvatarPart& part) const;

  /// Takes what shows the gaze out of the targets' weights.
  void drop_gaze(std::span<float> target_weights) const;

  /// The joints and lids that a pose moves, from `places` on, each node's place in its parent.
  std::vector<MovedJoint> moved_joints(const FacePose& pose,
                                       std::span<const Transform> places) const;

  /// Each node's place in its parent under the pose, those that follow others turned; from
  /// `places` on, or from the rest.
  std::vector<mat4f> local_transforms(const Avatar& avatar, const FacePose& pose,
                                      std::vector<Transform> places) const;
  std::vector<mat4f> local_transforms(const Avatar& avatar, const FacePose& pose) const;

  const FaceJoints& joints() const { return joints_; }
  /// Whether the tongue's tip, or its back, can be raised.
  bool raises_tongue() const { return !tongue_tips_.empty() || !tongue_backs_.empty(); }
  /// Whether it is the jaw's joint that opens the mouth.
  bool opens_by_jaw() const { return open_jaw_rad_ != 0; }
  /// Whether lids on bones close the eyes.
  bool blinks_by_lids() const { return !lids_.empty(); }
  bool is_lid(std::size_t node) const { return std::ranges::contains(lids_, node, &Lid::node); }
  const std::array<Ability, blend_shape_count>& abilities() const { return abilities_; }

 private:
  /// A target or an expression whose effect is a mix of ARKit shapes.
  struct Mix {
    std::vector<TargetShare> shares;
    std::array<float, blend_shape_count> effect;
    bool is_binary = false;
    bool leaves_mouth = true;

    bool opens_mouth() const { return effect[static_cast<std::size_t>(BlendShape::jawOpen)] > 0; }
  };

  void find_own_targets(const Avatar& avatar);
  void find_own(std::string_view name, std::span<const TargetShare> shares);
  void find_mixes(const Avatar& avatar);
  bool add_mix(std::string_view name, Mix mix);
  void compare_mixes();
  void try_jaw(const Avatar& avatar);
  void try_lids(const Avatar& avatar);
  void fit_mixes(const BlendWeights& weights, std::vector<float>& target_weights) const;

  std::size_t target_count_;
  std::vector<std::size_t> gaze_targets_;
  FaceJoints joints_;
  std::array<std::vector<TargetShare>, blend_shape_count> own_targets_;
  std::vector<std::size_t> tongue_tips_, tongue_backs_;
  std::vector<Mix> mixes_;
  std::vector<std::vector<float>>
      overlap_;  ///< of each pair of mixes: dot product of their effects
  std::array<Ability, blend_shape_count> abilities_{};
  float open_jaw_rad_ = 0;  ///< how far, and which way, the jaw's joint opens it; 0: it does not
  std::vector<mat4f> rest_world_;
  std::vector<quatf> above_;  ///< of each node: how its parent is turned in the model at rest
  std::vector<Lid> lids_;
};

/// The rotations of both eyes that the eyeLook* weights speak of.
void set_eye_rotations(FacePose& pose);

/// The rig as JSON: abilities for each blend shape and viseme, joints, counts.
std::string rig_report_json(const Avatar& avatar, const Rig& rig);

/// The same for a person to read.
std::string rig_report_text(const Avatar& avatar, const Rig& rig);

}  // namespace vivavox
