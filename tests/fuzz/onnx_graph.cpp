// Any bytes either have a Piper model's graph or are refused.
#include "engine/speech/onnx_graph.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = [data](std::uint64_t offset, std::size_t length) {
    return vivavox::Result<std::vector<std::uint8_t>>(std::in_place, data + offset,
                                                      data + offset + length);
  };
  vivavox::read_piper_graph(size, read);
  return 0;
}
