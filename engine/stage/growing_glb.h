// A glTF binary file in the making. Source: Khronos, glTF 2.0 specification, sections 3.6 (binary
// data) and 4 (GLB).
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vivavox::gltf {

namespace json = boost::json;

/// The member as an array; an empty one is put where there is none.
json::array& array_of(json::object& object, std::string_view name);

/// A file's JSON, and its binary chunk, which grows.
class GrowingGlb {
 public:
  /// Without `binary`, the JSON's buffer views are to be put() before the file is read.
  explicit GrowingGlb(json::object root, std::span<const std::byte> binary = {});

  json::object& root() { return root_; }

  /// Adds a buffer view of these bytes; returns its index.
  std::size_t add(std::span<const std::byte> bytes);

  /// Has the view mean these bytes; what else its JSON says stays.
  void put(std::size_t view, std::span<const std::byte> bytes);

  /// The file as it is now.
  std::vector<std::byte> bytes();

 private:
  json::object root_;
  std::vector<std::byte> binary_;
};

}  // namespace vivavox::gltf
