// Buffer views that meshoptimizer packed. Source: Khronos, glTF extensions
// EXT_meshopt_compression and KHR_meshopt_compression.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/unpack/budget.h"

namespace vivavox {

/// The extension's object of a buffer view; nothing where it is not packed.
const gltf::json::object* meshopt_of(const gltf::json::object& view);

/// The plain bytes of a buffer view that has such an extension: its count × its byteStride.
/// Throws gltf::Fault.
std::vector<std::byte> decode_meshopt(const gltf::Document& document,
                                      const gltf::json::object& extension, Budget& budget);

}  // namespace vivavox
