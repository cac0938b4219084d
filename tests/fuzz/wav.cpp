// Any bytes either read as sound within −1…1 or fail.
#include "engine/media/wav.h"

#include <cmath>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto sound = vivavox::read_wav({data, size});
  if (!sound) return 0;
  for (const float sample : sound->samples) {
    if (!(std::abs(sample) <= 1)) std::abort();
  }
  return 0;
}
