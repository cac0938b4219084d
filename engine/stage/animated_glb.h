// A performance as an animation within an avatar's file, which Blender, three.js and every
// viewer of glTF play. Source: Khronos, glTF 2.0 specification, section 3.11 (animations).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/error.h"
#include "engine/face/performance.h"
#include "engine/stage/avatar.h"

namespace vivavox {

/// The file of which read_avatar() made `avatar` with one more animation, "speech": the weights of
/// every mesh with morph targets and the rotations of neck, head and eyes, `fps` times a second
/// from the Timeline's start to its end. All else of the file stays. Errors: invalid_avatar where
/// it has nothing to be animated; invalid_argument if fps is not within 1…240, or if that makes
/// more than 200 000 frames.
Result<std::vector<std::byte>> animated_glb(std::span<const std::byte> file, const Avatar& avatar,
                                            const Performance& performance, int fps);

}  // namespace vivavox
