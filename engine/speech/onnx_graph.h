// What the engine must know of a Piper model, read from its .onnx file without
// loading it: ONNX's protobuf (onnx.proto3, ModelProto) walked field by field.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace vivavox {

/// Gives `length` bytes of a file at an offset, both within the file.
using ReadBytes = std::function<Result<std::vector<std::uint8_t>>(std::uint64_t, std::size_t)>;

struct PiperGraph {
  /// The tensor with frames for each id: the output of the graph's only Ceil
  /// node. Empty if there is none or several.
  std::string durations;
  /// What makes that tensor an output when it is appended to the model: protobuf merges a
  /// repeated ModelProto.graph, and adds to its list of outputs. Empty if it is one already.
  std::vector<std::uint8_t> durations_suffix;
  bool has_speakers = false;  ///< there is an input `sid`
};

/// Reads a model of `size_bytes`. Errors: invalid_model if it is not ONNX, is
/// cut short, or lacks Piper's inputs and output; those of `read`.
Result<PiperGraph> read_piper_graph(std::uint64_t size_bytes, const ReadBytes& read);

}  // namespace vivavox
