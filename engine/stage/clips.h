// The clips of an avatar's file: what its body does under the face.
#pragma once

#include <span>
#include <string_view>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// The most clips of one avatar, and the most numbers that their keys may have together.
inline constexpr std::size_t max_clips = 256, max_clip_numbers = 4'000'000;

/// Fills the avatar's clips and has one play that is called idle, be it among other words; of
/// several the one of the fewest words. None else plays unasked: a dance would surprise. Clips that
/// are damaged or beyond the limits are left out, which is noted. `node_place` as of read_vrm().
void read_clips(const gltf::Document& document, std::span<const std::size_t> node_place,
                Avatar& avatar);

/// Has the clip of this name play. Errors: invalid_argument, naming those that there are.
Result<void> choose_clip(Avatar& avatar, std::string_view name);

/// Each node's place in its parent, and each target's weight, that the avatar's clip gives at
/// `t_s`, round and round; without a clip the rest's. Targets of the clip's own are 0…1.
struct ClipMoment {
  std::vector<Transform> places;
  std::vector<float> weights;  ///< indexed like Avatar::target_names
};
ClipMoment clip_moment(const Avatar& avatar, double t_s);

/// Each node's place in the model at moments all over the clip that plays, from its start on; at
/// rest without one.
std::vector<std::vector<mat4f>> standing_moments(const Avatar& avatar);

}  // namespace vivavox
