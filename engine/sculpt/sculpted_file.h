// Avatar files without morph targets, given those that their meshes allow.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "engine/face/blend_shapes.h"

namespace vivavox {

/// Whether no mesh of a glTF binary has morph targets; tells by its JSON's text.
bool lacks_targets(std::span<const std::byte> file);

struct SculptedFile {
  std::vector<std::byte> file;
  std::vector<BlendShape> shapes;  ///< that were made, ascending; their targets have ARKit's names
  std::vector<std::string> notes;  ///< of make_face_targets()
};

/// The file with what make_face_targets() makes as sparse morph targets. One that has targets, or
/// that read_avatar() cannot read, comes back as it is. Source: Khronos, glTF 2.0 specification,
/// section 3.7.2.2 (morph targets).
SculptedFile sculpted(std::vector<std::byte> file);

}  // namespace vivavox
