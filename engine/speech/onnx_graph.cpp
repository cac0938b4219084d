#include "engine/speech/onnx_graph.h"

#include <algorithm>
#include <set>
#include <span>

namespace vivavox {

namespace {

// Field numbers of onnx.proto3.
constexpr std::uint32_t model_graph = 7;
constexpr std::uint32_t graph_node = 1;
constexpr std::uint32_t graph_input = 11;
constexpr std::uint32_t graph_output = 12;
constexpr std::uint32_t node_output = 2;
constexpr std::uint32_t node_op_type = 4;
constexpr std::uint32_t value_name = 1;

// Protobuf's wire types.
constexpr std::uint32_t wire_varint = 0;
constexpr std::uint32_t wire_fixed64 = 1;
constexpr std::uint32_t wire_bytes = 2;
constexpr std::uint32_t wire_fixed32 = 5;

constexpr std::size_t window_bytes = 64 * 1024;
constexpr std::uint64_t max_name_bytes = 4096;

/// Thrown and caught within this file.
struct Fault {
  Error error;
};

[[noreturn]] void throw_malformed(std::string what) {
  throw Fault{
      {ErrorCode::invalid_model, "this is not an ONNX model of a Piper voice: " + std::move(what)}};
}

/// A file's bytes through a window that moves forward.
class File {
 public:
  File(std::uint64_t size_bytes, const ReadBytes& read) : size_(size_bytes), read_(read) {}

  std::uint64_t size() const { return size_; }

  std::uint8_t at(std::uint64_t offset) {
    if (offset < begin_ || offset >= begin_ + window_.size()) move_to(offset);
    return window_[static_cast<std::size_t>(offset - begin_)];
  }

 private:
  void move_to(std::uint64_t offset) {
    const auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(window_bytes, size_ - offset));
    auto bytes = read_(offset, length);
    if (!bytes) throw Fault{bytes.error()};
    if (bytes->size() != length || length == 0) throw_malformed("it is cut short");
    window_ = std::move(*bytes);
    begin_ = offset;
  }

  std::uint64_t size_;
  const ReadBytes& read_;
  std::vector<std::uint8_t> window_;
  std::uint64_t begin_ = 0;
};

/// A field with its content's place in the file.
struct Field {
  std::uint32_t number;
  std::uint32_t wire_type;
  std::uint64_t begin;
  std::uint64_t end;
};

/// The fields of one message.
class Fields {
 public:
  Fields(File& file, std::uint64_t begin, std::uint64_t end) : file_(file), at_(begin), end_(end) {}

  bool is_at_end() const { return at_ == end_; }

  Field next() {
    const std::uint64_t key = varint();
    Field field{static_cast<std::uint32_t>(key >> 3), static_cast<std::uint32_t>(key & 7), at_,
                at_};
    if (key >> 3 == 0 || key >> 3 > 0x1FFF'FFFF) throw_malformed("it has a field without number");
    field.end = content_end(field);
    at_ = field.end;
    return field;
  }

 private:
  std::uint64_t content_end(Field& field) {
    switch (field.wire_type) {
      case wire_varint:
        varint();
        return at_;
      case wire_fixed64:
        return checked_end(8);
      case wire_fixed32:
        return checked_end(4);
      case wire_bytes: {
        const std::uint64_t length = varint();
        field.begin = at_;
        return checked_end(length);
      }
      default:
        throw_malformed("it has a field of unknown type");
    }
  }

  std::uint64_t checked_end(std::uint64_t length) const {
    if (length > end_ - at_) throw_malformed("a part is longer than the whole");
    return at_ + length;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ == end_) throw_malformed("it is cut short");
      const std::uint8_t byte = file_.at(at_++);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    throw_malformed("it has a number of too many bytes");
  }

  File& file_;
  std::uint64_t at_;
  std::uint64_t end_;
};

std::string text_of(File& file, const Field& field) {
  if (field.end - field.begin > max_name_bytes) throw_malformed("it has a name of too many bytes");
  std::string text;
  for (std::uint64_t at = field.begin; at < field.end; ++at) text += static_cast<char>(file.at(at));
  return text;
}

struct GraphNames {
  std::set<std::string> inputs;
  std::set<std::string> outputs;
  std::vector<std::string> ceil_outputs;
  bool is_present = false;
};

std::string name_of_value(File& file, const Field& value) {
  std::string name;
  for (Fields fields(file, value.begin, value.end); !fields.is_at_end();) {
    const Field field = fields.next();
    if (field.number == value_name && field.wire_type == wire_bytes) name = text_of(file, field);
  }
  return name;
}

void read_node(File& file, const Field& node, GraphNames& names) {
  std::string output;
  bool is_ceil = false;
  for (Fields fields(file, node.begin, node.end); !fields.is_at_end();) {
    const Field field = fields.next();
    if (field.wire_type != wire_bytes) continue;
    if (field.number == node_output && output.empty()) output = text_of(file, field);
    if (field.number == node_op_type) is_ceil = text_of(file, field) == "Ceil";
  }
  if (is_ceil) names.ceil_outputs.push_back(std::move(output));
}

void read_graph(File& file, const Field& graph, GraphNames& names) {
  names.is_present = true;
  for (Fields fields(file, graph.begin, graph.end); !fields.is_at_end();) {
    const Field field = fields.next();
    if (field.wire_type != wire_bytes) continue;
    if (field.number == graph_node) read_node(file, field, names);
    if (field.number == graph_input) names.inputs.insert(name_of_value(file, field));
    if (field.number == graph_output) names.outputs.insert(name_of_value(file, field));
  }
}

GraphNames read_names(File& file) {
  GraphNames names;
  for (Fields fields(file, 0, file.size()); !fields.is_at_end();) {
    const Field field = fields.next();
    if (field.number == model_graph && field.wire_type == wire_bytes)
      read_graph(file, field, names);
  }
  return names;
}

void append_varint(std::vector<std::uint8_t>& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

std::vector<std::uint8_t> message(std::uint32_t number, std::span<const std::uint8_t> content) {
  std::vector<std::uint8_t> out;
  append_varint(out, number << 3 | wire_bytes);
  append_varint(out, content.size());
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

/// What makes a float tensor an output.
std::vector<std::uint8_t> output_suffix(std::string_view tensor_name) {
  // ValueInfoProto.type (2) → tensor_type (1) → elem_type (1) = FLOAT (1).
  constexpr std::uint8_t float_type[] = {2 << 3 | wire_bytes, 4, 1 << 3 | wire_bytes, 2, 1 << 3, 1};
  const std::vector<std::uint8_t> name(tensor_name.begin(), tensor_name.end());
  std::vector<std::uint8_t> value = message(value_name, name);
  value.insert(value.end(), std::begin(float_type), std::end(float_type));
  return message(model_graph, message(graph_output, value));
}

PiperGraph piper_graph(const GraphNames& names) {
  if (!names.is_present) throw_malformed("it has no graph");
  for (const char* input : {"input", "input_lengths", "scales"}) {
    if (!names.inputs.contains(input))
      throw_malformed("it has no input \"" + std::string(input) + "\"");
  }
  if (!names.outputs.contains("output")) throw_malformed("it has no output \"output\"");
  PiperGraph graph;
  if (names.ceil_outputs.size() == 1) graph.durations = names.ceil_outputs[0];
  const bool is_output = names.outputs.contains(graph.durations);
  if (!graph.durations.empty() && !is_output)
    graph.durations_suffix = output_suffix(graph.durations);
  graph.has_speakers = names.inputs.contains("sid");
  return graph;
}

}  // namespace

Result<PiperGraph> read_piper_graph(std::uint64_t size_bytes, const ReadBytes& read) {
  try {
    File file(size_bytes, read);
    return piper_graph(read_names(file));
  } catch (const Fault& fault) {
    return std::unexpected(fault.error);
  }
}

}  // namespace vivavox
