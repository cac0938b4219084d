// Where the camera stands: head and shoulders, for an avatar of any size.
#pragma once

#include "engine/stage/avatar.h"
#include "engine/stage/rig.h"

namespace vivavox {

/// Head and shoulders from three sides; the head alone; all that there is of the avatar.
enum class View { front, three_quarter, profile, head, full };

/// The head of an avatar at rest, or in the middle of where its clip has it, in the model's units.
struct HeadPlace {
  float3 centre{0, 0, 0};
  float height = 1;  ///< chin to crown
};

/// Finds the head by what hangs on its joint; without one, by what morph
/// targets move, and else takes the upper part of the model. Parts that `is_hidden` has do not
/// count.
HeadPlace find_head(const Avatar& avatar, const FaceJoints& joints,
                    const std::vector<std::uint8_t>& is_hidden = {});

/// Puts the model so that its head is one unit high, upright at the origin:
/// then light, shadow and camera are the same for every avatar.
mat4f to_stage(const HeadPlace& head);

struct CameraPlace {
  float3 eye;
  float3 target;
  double vertical_field_deg;
};

/// How far an avatar reaches on the stage, in heads.
struct Extent {
  float bottom = -0.5F, top = 0.5F;
  float half_width = 0.5F;
};

/// What a shot gives way to.
enum class ShotFit {
  exact,
  hair,    ///< steps back from hair and hats that are higher than the picture
  figure,  ///< shows the whole avatar, whatever the shot says of height and middle
};

/// What a picture shows of a head of unit height at the origin.
struct Shot {
  double yaw_deg = 0;          ///< of the camera around the head; positive to the character's left
  double rise = 0.04;          ///< of the camera above the target, for each unit of distance
  double height_shown = 1.58;  ///< in heads, from edge to edge
  double target_y = -0.08;     ///< of the picture's middle above the head's, in heads
  ShotFit fit = ShotFit::hair;

  bool operator==(const Shot&) const = default;
};

Shot shot_of(View view);

/// The camera for a shot of an avatar. `aspect` is width ÷ height; narrow pictures step back from
/// what is as wide as a head with its hair, and keep the eyes as far down as they are in wide ones.
CameraPlace camera_for(const Shot& shot, double aspect, const Extent& extent = {});

}  // namespace vivavox
