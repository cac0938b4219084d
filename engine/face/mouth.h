// What the movements of the mouth do to the 52. The meaning of each weight is Apple's ARKit's.
#pragma once

#include "engine/face/blend_shapes.h"
#include "engine/face/face_pose.h"
#include "engine/timeline/mouth.h"

namespace vivavox {

/// The face of `expression` (a mood, all 52 weights) speaking with `mouth`. Of
/// the expression's mouth the share `pull` (0…1) stays while speaking.
///
/// Where seal is 1 the lips are shut: mouthClose equals jawOpen, as ARKit
/// defines it, and mouthFunnel, mouthUpperUp*, mouthLowerDown* and tongueOut
/// are 0, whatever the expression asks for.
BlendWeights shaped(const Mouth& mouth, const BlendWeights& expression, double pull);

/// Where the tongue's parts are, which is nobody's expression.
Tongue tongue_of(const Mouth& mouth);

/// How far the lips are apart in a pose, in units of jawOpen; 0 or less is shut.
double lip_opening(const BlendWeights& weights);

}  // namespace vivavox
