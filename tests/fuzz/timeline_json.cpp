// Any bytes either read as a Timeline that writes and reads back, or fail.
#include <cstdlib>

#include "engine/timeline/timeline.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto timeline = vivavox::timeline_from_json({reinterpret_cast<const char*>(data), size});
  if (timeline && !vivavox::timeline_from_json(vivavox::to_json(*timeline))) std::abort();
  return 0;
}
