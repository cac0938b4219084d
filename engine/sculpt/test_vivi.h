// Vivi, and Vivi without her shapes, for tests.
#pragma once

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "engine/stage/gltf.h"
#include "engine/stage/growing_glb.h"

namespace vivavox::test {

inline std::vector<std::byte> vivi_file() {
  std::ifstream file(VIVAVOX_ROOT "/shared/avatars/vivi.glb", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto all = std::as_bytes(std::span(bytes));
  return {all.begin(), all.end()};
}

/// The file without morph targets; all else lies where it was.
inline std::vector<std::byte> without_targets(std::span<const std::byte> file) {
  const gltf::Document document(file);
  gltf::GrowingGlb made(document.root(), document.binary());
  for (boost::json::value& mesh : gltf::array_of(made.root(), "meshes")) {
    mesh.as_object().erase("extras");
    mesh.as_object().erase("weights");
    for (boost::json::value& primitive : mesh.as_object()["primitives"].as_array())
      primitive.as_object().erase("targets");
  }
  return made.bytes();
}

}  // namespace vivavox::test
