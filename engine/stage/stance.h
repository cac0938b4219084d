// How an avatar stands: arms that a modeller spread for rigging hang down.
#pragma once

#include "engine/stage/avatar.h"

namespace vivavox {

/// Turns the upper arms of a T- or A-pose so that they hang beside the body; arms that hang
/// already, and avatars without, stay as they are. Arms are those that a VRM file declares,
/// else found by the names that the makers find_joints() names give them.
void lower_arms(Avatar& avatar);

}  // namespace vivavox
