// How far long work is, for those who look on.
#pragma once

#include <atomic>
#include <cstdint>

namespace vivavox {

struct FrameCount {
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> expected = 0;  ///< 0: not known yet
};

}  // namespace vivavox
