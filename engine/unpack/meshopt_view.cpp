#include "engine/unpack/meshopt_view.h"

#include <meshoptimizer.h>

#include <span>
#include <string>

#include "engine/unpack/meshopt_vertices.h"

namespace vivavox {

namespace {

using gltf::Document;
using gltf::Fault;
namespace json = boost::json;

/// What an extension says of its bytes, checked.
struct Packing {
  std::string mode;
  std::string filter;
  std::size_t count = 0;
  std::size_t stride_bytes = 0;

  std::size_t bytes() const { return count * stride_bytes; }
};

bool is_filter_of(std::string_view filter, std::size_t stride_bytes) {
  if (filter == "NONE") return true;
  if (filter == "OCTAHEDRAL" || filter == "COLOR") return stride_bytes == 4 || stride_bytes == 8;
  if (filter == "QUATERNION") return stride_bytes == 8;
  return filter == "EXPONENTIAL";
}

/// Whether the decoders take it.
bool is_sound(const Packing& packing) {
  const auto& [mode, filter, count, stride_bytes] = packing;
  if (mode == "ATTRIBUTES") {
    return stride_bytes > 0 && stride_bytes <= 256 && stride_bytes % 4 == 0 &&
           is_filter_of(filter, stride_bytes);
  }
  if (filter != "NONE" || (stride_bytes != 2 && stride_bytes != 4)) return false;
  return mode == "INDICES" || (mode == "TRIANGLES" && count % 3 == 0);
}

Packing packing_of(const json::object& extension) {
  Packing packing{.mode = gltf::string_member(extension, "mode"),
                  .filter = gltf::string_member(extension, "filter"),
                  .count = gltf::size_member(extension, "count"),
                  .stride_bytes = gltf::size_member(extension, "byteStride")};
  if (packing.filter.empty()) packing.filter = "NONE";
  if (packing.count > 3 * gltf::max_elements || !is_sound(packing)) {
    throw Fault{
        "a mesh of the avatar is packed in a way that KHR_meshopt_compression does not "
        "have: export it without compression"};
  }
  return packing;
}

/// Returns whether the stream is whole.
bool decode(const Packing& packing, std::span<const std::byte> packed, std::span<std::byte> plain) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(packed.data());
  const auto [count, stride_bytes] = std::pair(packing.count, packing.stride_bytes);
  const std::size_t length = packed.size();
  void* to = plain.data();
  if (packing.mode == "TRIANGLES")
    return meshopt_decodeIndexBuffer(to, count, stride_bytes, bytes, length) == 0;
  if (packing.mode == "INDICES")
    return meshopt_decodeIndexSequence(to, count, stride_bytes, bytes, length) == 0;
  if (is_meshopt_v1(packed)) return decode_meshopt_v1(packed, stride_bytes, plain);
  return meshopt_decodeVertexBuffer(to, count, stride_bytes, bytes, length) == 0;
}

void filter(const Packing& packing, std::span<std::byte> plain) {
  const auto [count, stride_bytes] = std::pair(packing.count, packing.stride_bytes);
  if (packing.filter == "OCTAHEDRAL") meshopt_decodeFilterOct(plain.data(), count, stride_bytes);
  if (packing.filter == "QUATERNION") meshopt_decodeFilterQuat(plain.data(), count, stride_bytes);
  if (packing.filter == "EXPONENTIAL") meshopt_decodeFilterExp(plain.data(), count, stride_bytes);
  if (packing.filter == "COLOR") decode_meshopt_color(plain, stride_bytes);
}

}  // namespace

const json::object* meshopt_of(const json::object& view) {
  const json::object& extensions = gltf::object_member(view, "extensions");
  // The latter has the same form, another version of streams and one filter more.
  for (const std::string_view name : {"EXT_meshopt_compression", "KHR_meshopt_compression"}) {
    if (extensions.contains(name)) return &gltf::object_member(extensions, name);
  }
  return nullptr;
}

std::vector<std::byte> decode_meshopt(const Document& document, const json::object& extension,
                                      Budget& budget) {
  const auto packed = document.bytes_at(extension);
  const Packing packing = packing_of(extension);
  budget.spend(std::uint64_t{packing.count} * packing.stride_bytes);
  std::vector<std::byte> plain(packing.bytes());
  if (!decode(packing, packed, plain)) {
    throw Fault{
        "a mesh of the avatar that meshoptimizer packed is damaged, or of a version later than 1: "
        "export it again"};
  }
  filter(packing, plain);
  return plain;
}

}  // namespace vivavox
