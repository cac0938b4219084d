// What a surface is made of, told by its material's name.
#pragma once

#include <string_view>

#include "engine/stage/avatar.h"

namespace vivavox {

/// By the words that the name is made of, joined or apart: "Wolf3D_Eyelashes", "bodyskin" and
/// "Std_Skin_Head", but no eyebrow in "Hair_Brown", and no face in "Surface".
Surface surface_named(std::string_view material_name);

}  // namespace vivavox
