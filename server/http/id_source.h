// Ids for what a request makes.
#pragma once

#include <format>
#include <string>

#include "server/assets/sha256.h"

namespace vivavox {

/// Gives the same ids in the same order for the same seed: what is made again under them
/// is the same thing. For one thread.
class IdSource {
 public:
  explicit IdSource(std::string seed) : seed_(std::move(seed)) {}

  /// `bytes` (at most 32) as hexadecimal digits.
  std::string next(std::size_t bytes) {
    return sha256_hex(std::format("{} {}", seed_, ++count_)).substr(0, 2 * bytes);
  }

 private:
  std::string seed_;
  int count_ = 0;
};

}  // namespace vivavox
