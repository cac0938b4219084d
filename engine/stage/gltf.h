// The glTF 2.0 binary container: its JSON, buffer views and accessors, with
// every bound checked. Source: Khronos, glTF 2.0 specification, sections 3.6
// (binary data) and 4 (GLB).
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

namespace vivavox::gltf {

namespace json = boost::json;

/// Thrown while a file is read, caught by read_avatar(): the first thing wrong.
struct Fault {
  std::string message;
  ErrorCode code = ErrorCode::invalid_avatar;
};

/// The member's index into another array; nothing where it is absent.
std::optional<std::size_t> index_member(const json::object& object, std::string_view name);

/// The member's number; where it is absent `fallback`, without which it has to be there.
std::size_t size_member(const json::object& object, std::string_view name,
                        std::optional<std::size_t> fallback = std::nullopt);

/// A finite number.
float number_member(const json::object& object, std::string_view name, float fallback);

bool bool_member(const json::object& object, std::string_view name, bool fallback);
std::string string_member(const json::object& object, std::string_view name);

/// The member as an object or array; an empty one where it is absent.
const json::object& object_member(const json::object& object, std::string_view name);
const json::array& array_member(const json::object& object, std::string_view name);

/// An object's extension of this name; an empty one where it is absent.
const json::object& extension(const json::object& object, std::string_view name);

/// Exactly N finite numbers.
template <std::size_t N>
std::array<float, N> numbers_member(const json::object& object, std::string_view name,
                                    std::array<float, N> fallback);

/// A list of indices below `limit`.
std::vector<std::size_t> indices_member(const json::object& object, std::string_view name,
                                        std::size_t limit);

/// The numbers of a GLB file's head and of its two chunks.
inline constexpr std::uint32_t glb_magic = 0x46546C67;
inline constexpr std::uint32_t json_chunk = 0x4E4F534A;
inline constexpr std::uint32_t binary_chunk = 0x004E4942;

/// glTF's component types, by their OpenGL numbers.
enum class Component : std::uint32_t {
  int8 = 5120,
  uint8 = 5121,
  int16 = 5122,
  uint16 = 5123,
  uint32 = 5125,
  float32 = 5126,
};

/// The most elements that an accessor may have.
inline constexpr std::size_t max_elements = 4'000'000;

/// The names of the morph targets of a mesh's primitive: those that exporters write into the
/// mesh's extras or (UniVRM) the primitive's, else "target 0" and so on.
std::vector<std::string> target_names(const json::object& mesh, const json::object& primitive);

/// The elements of an accessor, as floats (normalised integers become 0…1 or
/// −1…1).
struct Elements {
  std::size_t count = 0;
  std::size_t components = 0;
  std::vector<float> values;  ///< count × components

  std::span<const float> operator[](std::size_t element) const {
    return std::span(values).subspan(element * components, components);
  }
};

/// The elements of an accessor that are given: all of a plain accessor, those
/// listed of a sparse one on a base of zeros.
struct SparseElements {
  std::vector<std::uint32_t> indices;
  Elements elements;
};

/// Whether the JSON of a GLB file has this in its text, which is not read otherwise.
bool mentions(std::span<const std::byte> file, std::string_view text);

/// A GLB file: its JSON and its one binary chunk.
class Document {
 public:
  /// Keeps `file` by reference. Throws Fault.
  explicit Document(std::span<const std::byte> file);

  const json::object& root() const { return root_->get_object(); }
  std::size_t count(std::string_view array) const;
  const json::object& element(std::string_view array, std::size_t index) const;

  /// The whole binary chunk; empty where there is none.
  std::span<const std::byte> binary() const { return binary_; }
  std::span<const std::byte> buffer_view(std::size_t index) const;
  /// What a buffer view's object means, or an extension's that says where bytes lie as one does.
  std::span<const std::byte> bytes_at(const json::object& view) const;

  /// `components` is what the accessor must have per element (1 for SCALAR …
  /// 16 for MAT4); `type_name` names what is read, for the message.
  Elements floats(std::size_t accessor, std::size_t components) const;
  SparseElements sparse_floats(std::size_t accessor, std::size_t components) const;
  std::vector<std::uint32_t> integers(std::size_t accessor, std::size_t components) const;

  /// How many elements the accessor has, and how many numbers each.
  std::size_t element_count(std::size_t accessor) const;
  std::size_t component_count(std::size_t accessor) const;

 private:
  struct Layout;
  Layout layout(std::size_t accessor, std::size_t components) const;
  Layout sparse_indices(const json::object& sparse) const;
  Layout sparse_values(const json::object& sparse, const Layout& base) const;
  std::span<const std::byte> bytes_of(const Layout& layout) const;
  void spend(std::size_t values) const;

  std::optional<json::value> root_;
  std::span<const std::byte> binary_;
  // Accessors may share bytes, so a small file can ask for any amount of work.
  mutable std::size_t values_left_ = 200'000'000;
};

}  // namespace vivavox::gltf
