// sculpt.wasm: gives heads without morph targets such as their meshes allow.
// SPDX-License-Identifier: Apache-2.0
#include "engine/sculpt/sculpted_file.h"
#include "wasm/remade.h"

namespace vivavox {

Result<std::vector<std::byte>> remade(std::span<const std::byte> file) {
  return sculpted({file.begin(), file.end()}).file;
}

}  // namespace vivavox
