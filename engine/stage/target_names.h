// What the names of morph targets mean, in ARKit's terms.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/face/blend_shapes.h"

namespace vivavox {

/// A name's ASCII letters and digits alone, in lower case: "mixamorig:Head" → "mixamorighead".
std::string letters_of(std::string_view name);

/// Its words in lower case: cut where it has no letters, and where small letters go over into
/// large ones. "CC_Base_JawRoot" → "cc", "base", "jaw", "root".
std::vector<std::string> words_of(std::string_view name);

/// The blend shape that a morph target of this name is: ARKit's own spelling or
/// a usual variant of it ("eyeBlink_L", "EyeBlinkLeft", "head.jawOpen").
std::optional<BlendShape> arkit_shape_of(std::string_view target_name);

/// What a target does with the tongue beside tongueOut.
enum class TongueMove { tip_up, back_up };

/// The move of a target of this name, as Character Creator ("V_Tongue_Raise", "Tongue_Tip_Up") and
/// Unified Expressions ("TongueCurlUp") have them.
std::optional<TongueMove> tongue_move_of(std::string_view target_name);

/// The mix of blend shapes that a target of another convention comes near to:
/// Oculus visemes ("viseme_aa"), VRM and VRoid expressions ("A", "Fcl_MTH_A",
/// "Blink"), both-sided shapes ("mouthSmile").
std::optional<BlendWeights> arkit_mix_of(std::string_view target_name);

/// Whether any of these knows it.
bool is_expression(std::string_view target_name);

}  // namespace vivavox
