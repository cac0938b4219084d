#include "engine/stage/growing_glb.h"

#include <string>
#include <utility>

#include "engine/stage/gltf.h"

namespace vivavox::gltf {

json::array& array_of(json::object& object, std::string_view name) {
  json::value& value = object[name];
  if (!value.is_array()) value = json::array();
  return value.get_array();
}

GrowingGlb::GrowingGlb(json::object root, std::span<const std::byte> binary)
    : root_(std::move(root)), binary_(binary.begin(), binary.end()) {}

std::size_t GrowingGlb::add(std::span<const std::byte> bytes) {
  json::array& views = array_of(root_, "bufferViews");
  views.push_back(json::object());
  put(views.size() - 1, bytes);
  return views.size() - 1;
}

void GrowingGlb::put(std::size_t view, std::span<const std::byte> bytes) {
  // No component of an accessor is larger.
  constexpr std::size_t alignment = 4;
  binary_.resize((binary_.size() + alignment - 1) / alignment * alignment);
  json::object& object = array_of(root_, "bufferViews")[view].as_object();
  object["buffer"] = 0;
  object["byteOffset"] = binary_.size();
  object["byteLength"] = bytes.size();
  binary_.insert(binary_.end(), bytes.begin(), bytes.end());
}

std::vector<std::byte> GrowingGlb::bytes() {
  binary_.resize((binary_.size() + 3) / 4 * 4);
  json::array& buffers = array_of(root_, "buffers");
  if (buffers.empty()) buffers.push_back(json::object());
  buffers[0].as_object()["byteLength"] = binary_.size();
  std::string text = json::serialize(root_);
  text.resize((text.size() + 3) / 4 * 4, ' ');
  constexpr std::size_t header_bytes = 12, chunk_head_bytes = 8;
  const std::size_t length = header_bytes + 2 * chunk_head_bytes + text.size() + binary_.size();
  std::vector<std::byte> out;
  out.reserve(length);
  const auto add_word = [&](std::size_t value) {
    for (int shift = 0; shift < 32; shift += 8) out.push_back(std::byte(value >> shift & 0xFF));
  };
  add_word(glb_magic);
  add_word(2);
  add_word(length);
  add_word(text.size());
  add_word(json_chunk);
  const auto text_bytes = std::as_bytes(std::span(text));
  out.insert(out.end(), text_bytes.begin(), text_bytes.end());
  add_word(binary_.size());
  add_word(binary_chunk);
  out.insert(out.end(), binary_.begin(), binary_.end());
  return out;
}

}  // namespace vivavox::gltf
