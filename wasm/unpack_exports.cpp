// unpack.wasm: makes packed avatar files plain.
// SPDX-License-Identifier: Apache-2.0
#include "engine/unpack/unpack.h"
#include "wasm/remade.h"

namespace vivavox {

Result<std::vector<std::byte>> remade(std::span<const std::byte> file) {
  return unpacked(file, WebpImages::become_png);
}

}  // namespace vivavox
