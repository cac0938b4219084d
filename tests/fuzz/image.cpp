// Any bytes either decode to a picture of the announced size, or fail.
#include "engine/media/image.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = vivavox::decode_image(std::as_bytes(std::span(data, size)));
  if (image && image->rgba.size() != std::size_t{4} * image->width_px * image->height_px) {
    std::abort();
  }
  return 0;
}
