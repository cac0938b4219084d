// How hair and clothes swing: springs that follow the head, moment by moment.
#pragma once

#include <span>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// Where everything that swings is, and was a step before: what one picture of a film, or of a
/// page, hands to the next. A new one begins at rest.
struct Motion {
  double t_s = 0;               ///< of the picture before
  double ahead_s = 0;           ///< how far the last step went beyond it
  std::vector<float3> tails;    ///< of each joint, in the space of its centre
  std::vector<float3> before;   ///< the same a step earlier
  std::vector<mat4f> carriers;  ///< the nodes that carry what swings
};

/// Everything that swings in one avatar. Source: VRMC_springBone 1.0, "SpringBone Algorithm", in
/// steps of 1/60 s, for which makers tune their avatars.
///
/// Colliders and centres are where the pose has their nodes, also where these swing themselves.
class Swing {
 public:
  explicit Swing(const Avatar& avatar);

  /// Whether nothing does.
  bool is_empty() const { return moved_.empty(); }

  /// Turns what swings in `world` (each node's place in the model, that `local` makes) as it is at
  /// `t_s`, on any steady clock. It goes on from `motion`, which moves on; after more than half a
  /// second, or a jump back of as much, it begins at rest.
  void move(const Avatar& avatar, std::span<const mat4f> local, std::span<mat4f> world, double t_s,
            Motion& motion) const;

 private:
  static constexpr std::size_t none = ~std::size_t{0};

  /// A joint, or what hangs on one.
  struct Moved {
    std::size_t node = 0;
    std::size_t parent = none;   ///< index into moved_
    std::size_t carrier = none;  ///< of a parent that is not moved: index into carriers_
    std::size_t joint = none;    ///< index into Avatar::springs
  };
  /// Where tails are asked for: at rest, a step later with their speed or without, or as they are
  /// shown, between the last two steps.
  enum class Moment { rest, quiet_step, step, shown };
  struct Scene;

  std::size_t add_carrier(std::size_t node);
  void place(Scene& scene, Moment moment, Motion& motion) const;
  float3 tail_at(const Scene& scene, Moment moment, std::size_t index, const mat4f& at,
                 Motion& motion) const;
  float3 kept_out(const Scene& scene, const SpringJoint& joint, float3 head, float3 tail,
                  float reach) const;
  void settle(Scene& scene, Motion& motion) const;
  void advance(Scene& scene, double elapsed_s, Motion& motion) const;

  std::vector<Moved> moved_;             ///< parents first
  std::vector<std::size_t> carriers_;    ///< nodes that carry what is moved, or where it is
  std::vector<std::size_t> carrier_of_;  ///< of each node: index into carriers_
};

}  // namespace vivavox
