// Where the irises are in an avatar's textures: they are painted on its eyeballs, and lie deeper.
#pragma once

#include <span>
#include <vector>

#include "engine/stage/avatar.h"

namespace vivavox {

/// The irises that a material of eyes shows, each flat behind its cornea.
struct Irises {
  float4 pupils{0, 0, 0, 0};  ///< their middles in the texture, the right one's and the left one's
  float radius = 0;           ///< in the texture
  /// How far the pupil lies behind the eyeball's surface, in the stage's units; 0: they were not
  /// found, and are where they are painted.
  float depth = 0;
};

/// The irises of one of the avatar's materials. `world`: each node's place, with eyes that look
/// ahead; `placement` turns the face to the viewer. An iris is taken for as large as people's are,
/// whose rim is seen from the eyeball's middle under 29° (A. Gullstrand's schematic eye).
Irises find_irises(const Avatar& avatar, std::size_t material, std::span<const mat4f> world,
                   const mat4f& placement);

}  // namespace vivavox
