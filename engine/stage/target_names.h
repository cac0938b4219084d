// What the names of morph targets mean, in ARKit's terms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/face/blend_shapes.h"

namespace vivavox {

/// A name's ASCII letters and digits alone, in lower case: "mixamorig:Head" → "mixamorighead".
std::string letters_of(std::string_view name);

/// The blend shape that a morph target of this name is: ARKit's own spelling or
/// a usual variant of it ("eyeBlink_L", "EyeBlinkLeft", "head.jawOpen").
std::optional<BlendShape> arkit_shape_of(std::string_view target_name);

/// The mix of blend shapes that a target of another convention comes near to:
/// Oculus visemes ("viseme_aa"), VRM and VRoid expressions ("A", "Fcl_MTH_A",
/// "Blink"), both-sided shapes ("mouthSmile").
std::optional<BlendWeights> arkit_mix_of(std::string_view target_name);

}  // namespace vivavox
