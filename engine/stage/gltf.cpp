#include "engine/stage/gltf.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace vivavox::gltf {

namespace {

constexpr std::size_t max_stride_bytes = 252;

template <class T>
T load(const std::byte* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

std::size_t size_bytes(Component component) {
  switch (component) {
    case Component::int8:
    case Component::uint8:
      return 1;
    case Component::int16:
    case Component::uint16:
      return 2;
    case Component::uint32:
    case Component::float32:
      return 4;
  }
  throw Fault{"an accessor has an unknown component type: export the file as glTF 2.0"};
}

template <class T>
float as_float(const std::byte* bytes, bool normalized) {
  const auto value = static_cast<float>(load<T>(bytes));
  if (!normalized) return value;
  return std::max(value / static_cast<float>(std::numeric_limits<T>::max()), -1.0F);
}

float float_at(const std::byte* bytes, Component component, bool normalized) {
  switch (component) {
    case Component::int8:
      return as_float<std::int8_t>(bytes, normalized);
    case Component::uint8:
      return as_float<std::uint8_t>(bytes, normalized);
    case Component::int16:
      return as_float<std::int16_t>(bytes, normalized);
    case Component::uint16:
      return as_float<std::uint16_t>(bytes, normalized);
    case Component::uint32:
      return as_float<std::uint32_t>(bytes, normalized);
    case Component::float32:
      break;
  }
  const auto value = load<float>(bytes);
  if (!std::isfinite(value))
    throw Fault{"an accessor holds a number that is not finite: export the file again"};
  return value;
}

std::uint32_t integer_at(const std::byte* bytes, Component component) {
  switch (component) {
    case Component::uint8:
      return load<std::uint8_t>(bytes);
    case Component::uint16:
      return load<std::uint16_t>(bytes);
    case Component::uint32:
      return load<std::uint32_t>(bytes);
    default:
      throw Fault{"an accessor of indices does not hold unsigned integers: export the file again"};
  }
}

std::size_t components_of(std::string_view type) {
  if (type == "SCALAR") return 1;
  if (type == "VEC2") return 2;
  if (type == "VEC3") return 3;
  if (type == "VEC4") return 4;
  if (type == "MAT4") return 16;
  throw Fault{"an accessor has an unknown type: export the file as glTF 2.0"};
}

}  // namespace

std::optional<std::size_t> index_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) return std::nullopt;
  boost::system::error_code error;
  const auto number = value->to_number<std::uint32_t>(error);
  if (error)
    throw Fault{"the glTF member " + quoted(name) + " is not a valid index: export the file again"};
  return number;
}

std::size_t size_member(const json::object& object, std::string_view name,
                        std::optional<std::size_t> fallback) {
  const auto value = index_member(object, name);
  if (!value && !fallback)
    throw Fault{"the glTF member " + quoted(name) + " is missing: export the file again"};
  return value.value_or(fallback.value_or(0));
}

float number_member(const json::object& object, std::string_view name, float fallback) {
  return numbers_member<1>(object, name, {fallback})[0];
}

bool bool_member(const json::object& object, std::string_view name, bool fallback) {
  const json::value* value = object.if_contains(name);
  return value && value->is_bool() ? value->get_bool() : fallback;
}

std::string string_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::object& object_member(const json::object& object, std::string_view name) {
  static const json::object empty;
  const json::value* value = object.if_contains(name);
  if (!value) return empty;
  if (!value->is_object())
    throw Fault{"the glTF member " + quoted(name) + " is not an object: export the file again"};
  return value->get_object();
}

const json::array& array_member(const json::object& object, std::string_view name) {
  static const json::array empty;
  const json::value* value = object.if_contains(name);
  if (!value) return empty;
  if (!value->is_array())
    throw Fault{"the glTF member " + quoted(name) + " is not an array: export the file again"};
  return value->get_array();
}

const json::object& extension(const json::object& object, std::string_view name) {
  return object_member(object_member(object, "extensions"), name);
}

template <std::size_t N>
std::array<float, N> numbers_member(const json::object& object, std::string_view name,
                                    std::array<float, N> fallback) {
  const json::value* value = object.if_contains(name);
  if (!value) return fallback;
  const json::value* first = value;
  std::size_t length = 1;
  if constexpr (N > 1) {
    const json::array& array = array_member(object, name);
    first = array.data();
    length = array.size();
  }
  std::array<float, N> numbers{};
  for (std::size_t i = 0; i < N; ++i) {
    boost::system::error_code error;
    if (i < length) numbers[i] = static_cast<float>(first[i].to_number<double>(error));
    if (i >= length || error || !std::isfinite(numbers[i])) {
      throw Fault{"the glTF member " + quoted(name) + " must be " + std::to_string(N) +
                  " finite number(s): export the file again"};
    }
  }
  return numbers;
}

template std::array<float, 1> numbers_member(const json::object&, std::string_view,
                                             std::array<float, 1>);
template std::array<float, 2> numbers_member(const json::object&, std::string_view,
                                             std::array<float, 2>);
template std::array<float, 3> numbers_member(const json::object&, std::string_view,
                                             std::array<float, 3>);
template std::array<float, 4> numbers_member(const json::object&, std::string_view,
                                             std::array<float, 4>);
template std::array<float, 16> numbers_member(const json::object&, std::string_view,
                                              std::array<float, 16>);

std::vector<std::size_t> indices_member(const json::object& object, std::string_view name,
                                        std::size_t limit) {
  std::vector<std::size_t> indices;
  for (const json::value& value : array_member(object, name)) {
    boost::system::error_code error;
    const auto index = value.to_number<std::uint32_t>(error);
    if (error || index >= limit) {
      throw Fault{"the glTF list " + quoted(name) +
                  " points outside the file's elements: export the file again"};
    }
    indices.push_back(index);
  }
  return indices;
}

std::vector<std::string> target_names(const json::object& mesh, const json::object& primitive) {
  // Extras may be anything.
  const auto given_by = [](const json::object& owner) -> const json::array* {
    const json::value* extras = owner.if_contains("extras");
    const json::object* object = extras ? extras->if_object() : nullptr;
    const json::value* names = object ? object->if_contains("targetNames") : nullptr;
    return names ? names->if_array() : nullptr;
  };
  const json::array* list = given_by(mesh);
  if (!list) list = given_by(primitive);
  const json::array none;
  const json::array& given = list ? *list : none;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < array_member(primitive, "targets").size(); ++i) {
    const bool named = i < given.size() && given[i].is_string();
    names.push_back(named ? std::string(given[i].get_string()) : "target " + std::to_string(i));
  }
  return names;
}

bool mentions(std::span<const std::byte> file, std::string_view text) {
  constexpr std::size_t head_bytes = 20;
  if (file.size() < head_bytes) return false;
  const std::size_t length = load<std::uint32_t>(file.data() + 12);
  const auto chunk = file.subspan(head_bytes, std::min(length, file.size() - head_bytes));
  return std::string_view(reinterpret_cast<const char*>(chunk.data()), chunk.size()).contains(text);
}

Document::Document(std::span<const std::byte> file) {
  if (file.empty()) throw Fault{"the avatar file is empty: copy or export it again"};
  constexpr std::size_t head_bytes = 20;
  if (file.size() < head_bytes && file.size() >= 4 &&
      load<std::uint32_t>(file.data()) == glb_magic) {
    throw Fault{"the avatar file is cut short: copy or export it again"};
  }
  if (file.size() < head_bytes || load<std::uint32_t>(file.data()) != glb_magic) {
    throw Fault{"the avatar is not a glTF binary (.glb) file: export it as one"};
  }
  if (load<std::uint32_t>(file.data() + 4) != 2) {
    throw Fault{"the avatar is not of glTF version 2: export it as glTF 2.0"};
  }
  std::optional<std::string_view> text;
  std::size_t offset = 12;
  while (file.size() - offset >= 8) {
    const std::size_t length = load<std::uint32_t>(file.data() + offset);
    const auto type = load<std::uint32_t>(file.data() + offset + 4);
    offset += 8;
    if (length > file.size() - offset) {
      throw Fault{"the avatar file is cut short: copy or export it again"};
    }
    const auto chunk = file.subspan(offset, length);
    if (type == json_chunk && !text)
      text.emplace(reinterpret_cast<const char*>(chunk.data()), length);
    if (type == binary_chunk && binary_.empty()) binary_ = chunk;
    offset += length;
    if (offset % 4 != 0) offset = std::min(file.size(), offset + 4 - offset % 4);
  }
  boost::system::error_code error;
  // All of it is freed at once, and leaves no holes behind.
  json::value parsed =
      json::parse(text.value_or(""), error, json::make_shared_resource<json::monotonic_resource>());
  if (error || !parsed.is_object()) {
    throw Fault{"the avatar file holds no readable glTF JSON: export it again"};
  }
  root_.emplace(std::move(parsed));
}

std::size_t Document::count(std::string_view array) const {
  return array_member(root(), array).size();
}

const json::object& Document::element(std::string_view array, std::size_t index) const {
  const json::array& elements = array_member(root(), array);
  if (index >= elements.size() || !elements[index].is_object()) {
    throw Fault{"the avatar refers to " + quoted(array) + " number " + std::to_string(index) +
                ", which it does not hold: export it again"};
  }
  return elements[index].get_object();
}

std::span<const std::byte> Document::buffer_view(std::size_t index) const {
  return bytes_at(element("bufferViews", index));
}

std::span<const std::byte> Document::bytes_at(const json::object& view) const {
  const std::size_t buffer = size_member(view, "buffer");
  if (buffer != 0 || element("buffers", 0).contains("uri")) {
    throw Fault{"the avatar keeps data in other files: export it as one .glb file"};
  }
  const std::size_t offset = size_member(view, "byteOffset", 0);
  const std::size_t length = size_member(view, "byteLength");
  if (offset > binary_.size() || length > binary_.size() - offset) {
    throw Fault{"a buffer view reaches past the end of the avatar file: copy or export it again"};
  }
  return binary_.subspan(offset, length);
}

/// Where the elements of an accessor lie.
struct Document::Layout {
  std::size_t count = 0;
  std::size_t components = 0;
  Component component = Component::float32;
  bool normalized = false;
  std::optional<std::size_t> view;
  std::size_t offset_bytes = 0;
  std::size_t stride_bytes = 0;

  const std::byte* at(std::span<const std::byte> bytes, std::size_t element, std::size_t i) const {
    return bytes.data() + element * stride_bytes + i * size_bytes(component);
  }
};

Document::Layout Document::layout(std::size_t accessor, std::size_t components) const {
  const json::object& object = element("accessors", accessor);
  Layout layout;
  layout.count = size_member(object, "count");
  if (layout.count > max_elements) {
    throw Fault{"an accessor of the avatar has " + std::to_string(layout.count) +
                " elements, more than the limit of 4 million: simplify the model"};
  }
  layout.components = components_of(string_member(object, "type"));
  if (layout.components != components) {
    throw Fault{"an accessor of the avatar has the wrong type for its use: export the file again"};
  }
  layout.component = static_cast<Component>(size_member(object, "componentType"));
  layout.normalized = bool_member(object, "normalized", false);
  layout.view = index_member(object, "bufferView");
  layout.offset_bytes = size_member(object, "byteOffset", 0);
  layout.stride_bytes = components * size_bytes(layout.component);
  if (layout.view) {
    layout.stride_bytes =
        size_member(element("bufferViews", *layout.view), "byteStride", layout.stride_bytes);
  }
  return layout;
}

Document::Layout Document::sparse_indices(const json::object& sparse) const {
  const json::object& indices = object_member(sparse, "indices");
  Layout layout{.count = size_member(sparse, "count"),
                .components = 1,
                .component = static_cast<Component>(size_member(indices, "componentType")),
                .view = size_member(indices, "bufferView"),
                .offset_bytes = size_member(indices, "byteOffset", 0)};
  layout.stride_bytes = size_bytes(layout.component);
  return layout;
}

Document::Layout Document::sparse_values(const json::object& sparse, const Layout& base) const {
  const json::object& values = object_member(sparse, "values");
  Layout layout = base;
  layout.count = size_member(sparse, "count");
  layout.view = size_member(values, "bufferView");
  layout.offset_bytes = size_member(values, "byteOffset", 0);
  layout.stride_bytes = base.components * size_bytes(base.component);
  return layout;
}

std::span<const std::byte> Document::bytes_of(const Layout& layout) const {
  if (layout.count == 0 || !layout.view) return {};
  const auto view = buffer_view(*layout.view);
  const std::size_t element_bytes = layout.components * size_bytes(layout.component);
  // The caps keep the product below in 32 bits, which is what WebAssembly has.
  if (layout.count > max_elements || layout.stride_bytes > max_stride_bytes) {
    throw Fault{"an accessor of the avatar is larger than glTF allows: export it again"};
  }
  if (layout.stride_bytes < element_bytes || layout.offset_bytes > view.size() ||
      (layout.count - 1) * layout.stride_bytes + element_bytes >
          view.size() - layout.offset_bytes) {
    throw Fault{"an accessor reaches past the end of its data: copy or export the avatar again"};
  }
  spend(layout.count * layout.components);
  return view.subspan(layout.offset_bytes);
}

void Document::spend(std::size_t values) const {
  if (values > values_left_) throw Fault{"the avatar holds too much data: simplify the model"};
  values_left_ -= values;
}

SparseElements Document::sparse_floats(std::size_t accessor, std::size_t components) const {
  const Layout base = layout(accessor, components);
  const json::object& sparse = object_member(element("accessors", accessor), "sparse");
  SparseElements out{.indices = {},
                     .elements = {.count = 0, .components = components, .values = {}}};
  const auto read = [&](const Layout& from, std::span<const std::byte> bytes, std::size_t row,
                        std::size_t place) {
    for (std::size_t i = 0; i < components; ++i) {
      out.elements.values[place * components + i] =
          float_at(from.at(bytes, row, i), from.component, from.normalized);
    }
  };
  const auto add = [&](std::uint32_t index, const Layout& from, std::span<const std::byte> bytes,
                       std::size_t row) {
    out.indices.push_back(index);
    out.elements.values.resize(out.elements.values.size() + components);
    read(from, bytes, row, out.elements.count++);
  };
  if (base.view) {
    const auto bytes = bytes_of(base);
    for (std::size_t row = 0; row < base.count; ++row)
      add(static_cast<std::uint32_t>(row), base, bytes, row);
  }
  if (sparse.empty()) return out;
  const Layout rows = sparse_indices(sparse);
  const Layout values = sparse_values(sparse, base);
  const auto row_bytes = bytes_of(rows);
  const auto value_bytes = bytes_of(values);
  for (std::size_t row = 0; row < rows.count; ++row) {
    const std::uint32_t index = integer_at(rows.at(row_bytes, row, 0), rows.component);
    if (index >= base.count || (!base.view && row > 0 && index <= out.indices.back())) {
      throw Fault{"a sparse accessor's indices are out of range or order: export the avatar again"};
    }
    if (base.view) {
      read(values, value_bytes, row, index);
    } else {
      add(index, values, value_bytes, row);
    }
  }
  return out;
}

Elements Document::floats(std::size_t accessor, std::size_t components) const {
  const std::size_t count = element_count(accessor);
  const SparseElements given = sparse_floats(accessor, components);
  spend(count * components);
  Elements all{
      .count = count, .components = components, .values = std::vector<float>(count * components)};
  for (std::size_t row = 0; row < given.elements.count; ++row) {
    std::ranges::copy(
        given.elements[row],
        all.values.begin() + static_cast<std::ptrdiff_t>(given.indices[row] * components));
  }
  return all;
}

std::vector<std::uint32_t> Document::integers(std::size_t accessor, std::size_t components) const {
  const Layout from = layout(accessor, components);
  std::vector<std::uint32_t> integers;
  if (!from.view) {
    throw Fault{"an accessor of indices has no data: export the avatar again"};
  }
  const auto bytes = bytes_of(from);
  integers.reserve(from.count * components);
  for (std::size_t row = 0; row < from.count; ++row) {
    for (std::size_t i = 0; i < components; ++i) {
      integers.push_back(integer_at(from.at(bytes, row, i), from.component));
    }
  }
  return integers;
}

std::size_t Document::element_count(std::size_t accessor) const {
  const std::size_t count = size_member(element("accessors", accessor), "count");
  if (count > max_elements) {
    throw Fault{"an accessor of the avatar has " + std::to_string(count) +
                " elements, more than the limit of 4 million: simplify the model"};
  }
  return count;
}

std::size_t Document::component_count(std::size_t accessor) const {
  return components_of(string_member(element("accessors", accessor), "type"));
}

}  // namespace vivavox::gltf
