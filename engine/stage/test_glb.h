// Small glTF binary files for tests, written by hand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox::test {

/// A file's binary chunk, filled piece by piece.
class Binary {
 public:
  /// Appends the values as one buffer view; returns its index.
  template <class T>
  std::size_t add(const std::vector<T>& values) {
    const std::size_t begin = bytes_.size();
    bytes_.resize(begin + values.size() * sizeof(T));
    std::ranges::copy(std::as_bytes(std::span(values)), bytes_.begin() + std::ptrdiff_t(begin));
    if (!views_.empty()) views_ += ',';
    views_ += R"({"buffer":0,"byteOffset":)" + std::to_string(begin) + R"(,"byteLength":)" +
              std::to_string(values.size() * sizeof(T)) + "}";
    return count_++;
  }
  const std::string& views() const { return views_; }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
  std::string views_;
  std::size_t count_ = 0;
};

inline void append_chunk(std::vector<std::byte>& file, std::uint32_t type,
                         std::vector<std::byte> data, std::byte padding) {
  while (data.size() % 4 != 0) data.push_back(padding);
  for (const std::uint32_t word : {static_cast<std::uint32_t>(data.size()), type}) {
    for (int shift = 0; shift < 32; shift += 8)
      file.push_back(static_cast<std::byte>(word >> shift));
  }
  file.insert(file.end(), data.begin(), data.end());
}

inline std::vector<std::byte> glb(std::string_view json, const std::vector<std::byte>& binary) {
  std::vector<std::byte> file(12);
  const std::uint32_t header[] = {gltf::glb_magic, 2, 0};
  std::memcpy(file.data(), header, sizeof header);
  const auto text = std::as_bytes(std::span(json));
  append_chunk(file, gltf::json_chunk, {text.begin(), text.end()}, std::byte{' '});
  append_chunk(file, gltf::binary_chunk, binary, std::byte{0});
  return file;
}

/// An accessor of floats.
struct Numbers {
  std::string type;
  std::vector<float> values;
};

/// The parts of a test avatar's JSON that tests vary.
struct Face {
  std::string target_names = R"("jawOpen","viseme_aa")";
  std::string nodes =
      R"({"name":"Neck","children":[1]},{"name":"Head","translation":[0,1,0],"children":[2,3]},)"
      R"({"name":"LeftEye","translation":[0.5,0.5,0],"mesh":0},{"name":"face","mesh":0})";
  std::string indices_count = "6";
  std::string extra;
  std::string material = R"("name":"skin")";  ///< its other members
  std::string color_info;                     ///< of the colour's texture: other members
  /// Others of the mesh's: "TEXCOORD_0":5 are its corners' places, "TEXCOORD_1":6 those turned
  /// round, "COLOR_0":7 is red.
  std::string attributes;
  std::string texture;  ///< of each texture: other members
  bool names_in_primitive = false;
  /// PNG or JPEG files of the material: color, roughness, normals. The first alone may be there.
  std::vector<std::vector<std::byte>> images = {};
  std::vector<Numbers> numbers = {};  ///< accessors from first_number on
};

inline constexpr std::size_t first_number = 8;

/// A square of two triangles in the plane z = 0, one unit wide, facing +Z, with
/// two morph targets: the first lifts corner 0 towards +Z (sparse), the second
/// moves all corners by +X.
inline std::vector<std::byte> face_glb(const Face& face = {}) {
  Binary binary;
  binary.add<float>({0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0});
  binary.add<float>({0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1});
  binary.add<std::uint32_t>({0, 1, 2, 0, 2, 3});
  binary.add<std::uint32_t>({0});
  binary.add<float>({0, 0, 1});
  binary.add<float>({1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});
  binary.add<float>({0, 0, 1, 0, 1, 1, 0, 1});
  binary.add<float>({1, 1, 0, 1, 0, 0, 1, 0});
  binary.add<std::uint32_t>({0xff0000ff, 0xff0000ff, 0xff0000ff, 0xff0000ff});
  std::string images, textures;
  for (const auto& image : face.images) {
    const std::string comma = images.empty() ? "" : ",";
    textures +=
        comma + R"({"source":)" + std::to_string(&image - face.images.data()) + face.texture + "}";
    images += comma + R"({"bufferView":)" + std::to_string(binary.add(image)) + "}";
  }
  std::string numbers;
  for (const auto& [type, values] : face.numbers) {
    const std::size_t width = type == "SCALAR" ? 1 : static_cast<std::size_t>(type.back() - '0');
    numbers += R"(,{"bufferView":)" + std::to_string(binary.add(values)) +
               R"(,"componentType":5126,"count":)" + std::to_string(values.size() / width) +
               R"(,"type":")" + type + "\"}";
  }
  const std::string color =
      face.images.empty() ? "" : R"(,"baseColorTexture":{"index":0)" + face.color_info + "}";
  const std::string others =
      face.images.size() < 3
          ? ""
          : R"(,"metallicRoughnessTexture":{"index":1}},"normalTexture":{"index":2)";
  const std::string names = R"(,"extras":{"targetNames":[)" + face.target_names + "]}";
  const std::string json =
      R"({"asset":{"version":"2.0"},"buffers":[{"byteLength":)" +
      std::to_string(binary.bytes().size()) + R"(}],"bufferViews":[)" + binary.views() +
      R"(],"accessors":[{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3"},)"
      R"({"bufferView":1,"componentType":5126,"count":4,"type":"VEC3"},)"
      R"({"bufferView":2,"componentType":5125,"count":)" +
      face.indices_count +
      R"(,"type":"SCALAR"},)"
      R"({"componentType":5126,"count":4,"type":"VEC3","sparse":{"count":1,)"
      R"("indices":{"bufferView":3,"componentType":5125},"values":{"bufferView":4}}},)"
      R"({"bufferView":5,"componentType":5126,"count":4,"type":"VEC3"},)"
      R"({"bufferView":6,"componentType":5126,"count":4,"type":"VEC2"},)"
      R"({"bufferView":7,"componentType":5126,"count":4,"type":"VEC2"},)"
      R"({"bufferView":8,"componentType":5121,"normalized":true,"count":4,"type":"VEC4"})" +
      numbers + R"(],"images":[)" + images + R"(],"textures":[)" + textures + "]," +
      R"("materials":[{)" + face.material +
      R"(,"pbrMetallicRoughness":{"baseColorFactor":[0.8,0.6,0.5,1])" + color + others + R"(}}],)" +
      R"("meshes":[{"primitives":[{"attributes":{"POSITION":0,"NORMAL":1)" + face.attributes +
      R"(},"indices":2,"material":0,"targets":[{"POSITION":3},{"POSITION":4}])" +
      (face.names_in_primitive ? names + "}]" : "}]" + names) + R"(}],"nodes":[)" + face.nodes +
      "]" + face.extra + "}";
  return glb(json, binary.bytes());
}

/// A face whose file has traits: `hat` shows a second square above it, or none, `width` moves it by
/// its second target, and `tone` gives its material a colour. `traits` are more of the list's
/// members, `looks` those of the looks.
inline std::vector<std::byte> trait_glb(const std::string& traits = {},
                                        const std::string& looks = R"("wide":{"width":"wide"})") {
  return face_glb(
      {.target_names = R"("jawOpen","shape_wide")",
       .nodes = R"({"name":"Head","children":[1,2]},{"name":"face","mesh":0},)"
                R"({"name":"hat","translation":[0,0.5,0.1],"children":[3]},)"
                R"({"name":"brim","mesh":0})",
       .extra =
           R"(,"extras":{"vivavox":{"traits":{)"
           R"("hat":{"default":"none","values":{"none":{},"cap":{"show":["hat"]}}},)"
           R"("width":{"default":"usual","values":{"usual":{},"wide":{"weights":{"shape_wide":1}}}},)"
           R"("tone":{"default":"own","values":{"own":{},"red":{"colors":{"skin":[1,0,0]}}},)"
           R"("any":["skin"]})" +
           traits + R"(},"looks":{)" + looks + "}}}"});
}

}  // namespace vivavox::test
