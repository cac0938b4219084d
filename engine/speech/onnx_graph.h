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
  bool has_durations_output = false;  ///< it is an output of the graph already
  bool has_speakers = false;          ///< there is an input `sid`
};

/// Reads a model of `size_bytes`. Errors: invalid_model if it is not ONNX, is
/// cut short, or lacks Piper's inputs and output; those of `read`.
Result<PiperGraph> read_piper_graph(std::uint64_t size_bytes, const ReadBytes& read);

/// Bytes that make a float tensor an output when they are appended to a model:
/// protobuf merges a repeated ModelProto.graph, and adds to its list of outputs.
std::vector<std::uint8_t> output_suffix(std::string_view tensor_name);

}  // namespace vivavox
