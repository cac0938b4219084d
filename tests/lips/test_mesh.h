// The one MouthMesh of a test program.
#pragma once

#include "tests/lips/mouth_mesh.h"

namespace vivavox {

inline MouthMesh& vivi() {
  static MouthMesh mesh = MouthMesh::vivi();
  return mesh;
}

}  // namespace vivavox
