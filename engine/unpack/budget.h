// What unpacking a file may make: a few packed bytes can ask for any amount of plain ones.
#pragma once

#include <cstdint>

#include "engine/stage/gltf.h"

namespace vivavox {

class Budget {
 public:
  /// To be called before the bytes are made. Throws gltf::Fault.
  void spend(std::uint64_t bytes) {
    if (bytes > left_bytes_)
      throw gltf::Fault{"the avatar's meshes unpack to more than 128 MiB: simplify the model"};
    left_bytes_ -= bytes;
  }

 private:
  std::uint64_t left_bytes_ = std::uint64_t{128} << 20;
};

}  // namespace vivavox
