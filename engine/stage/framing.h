// Where the camera stands: head and shoulders, for an avatar of any size.
#pragma once

#include "engine/stage/avatar.h"
#include "engine/stage/rig.h"

namespace vivavox {

enum class View { front, three_quarter, profile };

/// The head of an avatar at rest, in the model's units.
struct HeadPlace {
  float3 centre{0, 0, 0};
  float height = 1;  ///< chin to crown
};

/// Finds the head by what hangs on its joint; without one, by what morph
/// targets move, and else takes the upper part of the model.
HeadPlace find_head(const Avatar& avatar, const FaceJoints& joints);

/// Puts the model so that its head is one unit high, upright at the origin:
/// then light, shadow and camera are the same for every avatar.
mat4f to_stage(const HeadPlace& head);

struct CameraPlace {
  float3 eye;
  float3 target;
  double vertical_field_deg;
};

/// The camera for a head of unit height at the origin. `aspect` is width ÷
/// height; narrow pictures step back so that the shoulders stay in.
CameraPlace camera_for(View view, double aspect);

}  // namespace vivavox
