// One moment of a face: the value that the face hands to the stage.
#pragma once

#include "engine/face/blend_shapes.h"

namespace vivavox {

/// A rotation in radians, applied roll, then pitch, then yaw. Right-handed, Y
/// up, the face looks along +Z: positive pitch looks down, positive yaw turns
/// to the character's left (+X), positive roll tips the head towards its right
/// shoulder (the right-hand rule about +X, +Y and +Z).
struct Rotation {
  float pitch_rad = 0;
  float yaw_rad = 0;
  float roll_rad = 0;

  bool operator==(const Rotation&) const = default;
};

/// How far an eye turns at weight 1 of its eyeLook* blend shape.
inline constexpr float full_gaze_yaw_rad = 0.55F;
inline constexpr float full_gaze_pitch_rad = 0.45F;

/// The parts of the tongue that ARKit has no names for: how far they rise to the palate, 0…1.
struct Tongue {
  float tip_up = 0;
  float back_up = 0;

  bool operator==(const Tongue&) const = default;
};

/// All that a stage needs to show a face. The eyes' rotations and the eyeLook*
/// weights say the same gaze: rigs with eye joints turn the joints by the
/// rotation, and the weights move the lids; rigs without use the weights alone.
struct FacePose {
  BlendWeights weights;
  Rotation head;      ///< of the head joint, relative to its rest
  Rotation neck;      ///< of the neck joint, relative to its rest
  Rotation left_eye;  ///< relative to the head; roll is 0
  Rotation right_eye;
  Tongue tongue;
  float breath = 0;  ///< −1 out … 1 in: the shoulders rise with it

  bool operator==(const FacePose&) const = default;
};

}  // namespace vivavox
