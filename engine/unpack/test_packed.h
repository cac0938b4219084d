// Packed files for tests: test::face_glb() after the encoders of those who made the formats.
#pragma once

#include <avif/avif.h>
#include <draco/compression/encode.h>
#include <meshoptimizer.h>
#include <webp/encode.h>

#include <memory>
#include <string_view>
#include <vector>

#include "engine/media/image.h"
#include "engine/stage/growing_glb.h"
#include "engine/stage/test_glb.h"

namespace vivavox::test {

namespace json = boost::json;

inline std::vector<std::byte> bytes_of(const void* data, std::size_t length) {
  const auto* first = static_cast<const std::byte*>(data);
  return {first, first + length};
}

template <class T>
std::vector<T> values_of(std::span<const std::byte> bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

// --- meshoptimizer -------------------------------------------------------------------

inline std::vector<std::byte> meshopt_attributes(std::span<const std::byte> plain,
                                                 std::size_t stride) {
  const std::size_t count = plain.size() / stride;
  std::vector<unsigned char> out(meshopt_encodeVertexBufferBound(count, stride));
  out.resize(meshopt_encodeVertexBuffer(out.data(), out.size(), plain.data(), count, stride));
  return bytes_of(out.data(), out.size());
}

constexpr std::size_t most_vertices = 65536;

inline std::vector<std::byte> meshopt_triangles(const std::vector<unsigned>& indices) {
  std::vector<unsigned char> out(meshopt_encodeIndexBufferBound(indices.size(), most_vertices));
  out.resize(meshopt_encodeIndexBuffer(out.data(), out.size(), indices.data(), indices.size()));
  return bytes_of(out.data(), out.size());
}

inline std::vector<std::byte> meshopt_sequence(const std::vector<unsigned>& indices) {
  std::vector<unsigned char> out(meshopt_encodeIndexSequenceBound(indices.size(), most_vertices));
  out.resize(meshopt_encodeIndexSequence(out.data(), out.size(), indices.data(), indices.size()));
  return bytes_of(out.data(), out.size());
}

/// As version 1 of the format, without making them smaller: at most 256 elements of less than
/// 20 bytes, each byte as it differs from the element before.
inline std::vector<std::byte> meshopt_v1_attributes(std::span<const std::byte> plain,
                                                    std::size_t stride) {
  std::vector<std::byte> out{std::byte{0xA1}};
  out.resize(1 + stride / 4, std::byte{0xFF});
  for (std::size_t byte = 0; byte < stride; ++byte) {
    int last = 0;
    for (std::size_t at = byte; at < plain.size(); at += stride) {
      const int value = std::to_integer<int>(plain[at]);
      const auto change = static_cast<std::int8_t>(value - last);
      out.push_back(static_cast<std::byte>(change << 1 ^ change >> 7));
      last = value;
    }
  }
  constexpr std::size_t tail_bytes = 24;
  out.resize(out.size() + tail_bytes);
  return out;
}

/// The file's positions (view 0), normals (1), triangles (2) and a target (5) packed, by
/// EXT_meshopt_compression or KHR_meshopt_compression.
inline std::vector<std::byte> meshopt_glb(std::span<const std::byte> file,
                                          std::string_view name = "EXT_meshopt_compression") {
  const auto attributes = name.starts_with("KHR") ? meshopt_v1_attributes : meshopt_attributes;
  const gltf::Document document(file);
  gltf::GrowingGlb made(document.root(), document.binary());
  made.root()["extensionsRequired"] = json::array{name};
  json::array& views = gltf::array_of(made.root(), "bufferViews");
  for (const std::size_t view : {0, 1, 2, 5}) {
    const auto plain = document.buffer_view(view);
    const bool is_triangles = view == 2;
    const std::size_t stride = is_triangles ? 4 : 12;
    made.put(view, is_triangles ? meshopt_triangles(values_of<unsigned>(plain))
                                : attributes(plain, stride));
    json::object extension = views[view].as_object();
    extension["byteStride"] = stride;
    extension["count"] = plain.size() / stride;
    extension["mode"] = is_triangles ? "TRIANGLES" : "ATTRIBUTES";
    // As files have it that hold nothing for those who cannot unpack.
    views[view] = json::object{{"buffer", 1},
                               {"byteLength", plain.size()},
                               {"extensions", json::object{{name, extension}}}};
  }
  gltf::array_of(made.root(), "buffers").push_back(json::object{{"byteLength", 1}});
  return made.bytes();
}

// --- Draco ---------------------------------------------------------------------------

/// Triangles with so many floats of each vertex as attributes of the ids 0, 1, …
struct DracoSource {
  std::vector<unsigned> indices;
  std::vector<std::vector<float>> attributes;
  std::size_t components = 3;
  draco::DataType type = draco::DT_FLOAT32;  ///< what they are said to be
};

inline std::vector<std::byte> draco_stream(const DracoSource& source,
                                           draco::MeshEncoderMethod method) {
  draco::Mesh mesh;
  const auto count = static_cast<std::uint32_t>(source.attributes[0].size() / source.components);
  mesh.set_num_points(count);
  for (std::size_t i = 0; i + 2 < source.indices.size(); i += 3) {
    mesh.AddFace({draco::PointIndex(source.indices[i]), draco::PointIndex(source.indices[i + 1]),
                  draco::PointIndex(source.indices[i + 2])});
  }
  for (const std::vector<float>& values : source.attributes) {
    const bool is_first = &values == source.attributes.data();
    const auto components = static_cast<std::uint8_t>(source.components);
    draco::GeometryAttribute attribute;
    attribute.Init(
        is_first ? draco::GeometryAttribute::POSITION : draco::GeometryAttribute::GENERIC, nullptr,
        components, source.type, false, components * sizeof(float), 0);
    const int id = mesh.AddAttribute(attribute, true, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      mesh.attribute(id)->SetAttributeValue(draco::AttributeValueIndex(i),
                                            values.data() + source.components * i);
    }
  }
  draco::Encoder encoder;
  encoder.SetEncodingMethod(method);
  draco::EncoderBuffer out;
  if (!encoder.EncodeMeshToBuffer(mesh, &out).ok()) throw std::runtime_error("Draco cannot");
  return bytes_of(out.data(), out.size());
}

/// The file's mesh packed: positions, normals and triangles. Its vertices stay in order where
/// the method is sequential.
inline std::vector<std::byte> draco_glb(std::span<const std::byte> file,
                                        draco::MeshEncoderMethod method) {
  const gltf::Document document(file);
  gltf::GrowingGlb made(document.root(), document.binary());
  made.root()["extensionsRequired"] = json::array{"KHR_draco_mesh_compression"};
  const std::size_t view = made.add(
      draco_stream({.indices = document.integers(2, 1),
                    .attributes = {document.floats(0, 3).values, document.floats(1, 3).values}},
                   method));
  json::array& accessors = gltf::array_of(made.root(), "accessors");
  for (const std::size_t accessor : {0, 1, 2}) accessors[accessor].as_object().erase("bufferView");
  json::object& mesh = gltf::array_of(made.root(), "meshes")[0].as_object();
  json::object& primitive = gltf::array_of(mesh, "primitives")[0].as_object();
  primitive["extensions"] = {
      {"KHR_draco_mesh_compression",
       {{"bufferView", view}, {"attributes", {{"POSITION", 0}, {"NORMAL", 1}}}}}};
  return made.bytes();
}

// --- WebP ----------------------------------------------------------------------------

/// Lossless.
inline std::vector<std::byte> webp_file(const Image& image) {
  std::uint8_t* bytes = nullptr;
  const std::size_t length = WebPEncodeLosslessRGBA(image.rgba.data(), image.width_px,
                                                    image.height_px, 4 * image.width_px, &bytes);
  const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owned(bytes, &WebPFree);
  return bytes_of(bytes, length);
}

// --- AVIF ----------------------------------------------------------------------------

/// Lossless, to be turned by so many quarters.
inline std::vector<std::byte> avif_file(const Image& image, std::uint8_t quarters = 0) {
  const std::unique_ptr<avifImage, decltype(&avifImageDestroy)> whole(
      avifImageCreate(static_cast<std::uint32_t>(image.width_px),
                      static_cast<std::uint32_t>(image.height_px), 8, AVIF_PIXEL_FORMAT_YUV444),
      &avifImageDestroy);
  whole->matrixCoefficients = AVIF_MATRIX_COEFFICIENTS_IDENTITY;
  if (quarters > 0) whole->transformFlags = AVIF_TRANSFORM_IROT;
  whole->irot.angle = quarters;
  avifRGBImage rgba;
  avifRGBImageSetDefaults(&rgba, whole.get());
  std::vector<std::uint8_t> pixels = image.rgba;
  rgba.pixels = pixels.data();
  rgba.rowBytes = 4 * rgba.width;
  const std::unique_ptr<avifEncoder, decltype(&avifEncoderDestroy)> encoder(avifEncoderCreate(),
                                                                            &avifEncoderDestroy);
  encoder->quality = encoder->qualityAlpha = AVIF_QUALITY_LOSSLESS;
  encoder->speed = AVIF_SPEED_FASTEST;
  avifRWData out = AVIF_DATA_EMPTY;
  if (avifImageRGBToYUV(whole.get(), &rgba) != AVIF_RESULT_OK ||
      avifEncoderWrite(encoder.get(), whole.get(), &out) != AVIF_RESULT_OK) {
    throw std::runtime_error("AVIF cannot");
  }
  const std::unique_ptr<avifRWData, decltype(&avifRWDataFree)> owned(&out, &avifRWDataFree);
  return bytes_of(out.data, out.size);
}

// --- textures ------------------------------------------------------------------------

/// The file's textures mean their images by this extension alone.
inline std::vector<std::byte> textured_by(const std::string& extension,
                                          std::span<const std::byte> file) {
  const gltf::Document document(file);
  gltf::GrowingGlb made(document.root(), document.binary());
  made.root()["extensionsUsed"] = json::array{extension};
  for (json::value& texture : gltf::array_of(made.root(), "textures")) {
    json::object& object = texture.as_object();
    object["extensions"] = {{extension, {{"source", object["source"]}}}};
    object.erase("source");
  }
  return made.bytes();
}

/// A picture whose pixels all differ, the last ones see-through.
inline Image colorful(int width_px, int height_px, bool is_opaque) {
  Image image{.width_px = width_px, .height_px = height_px, .rgba = {}};
  for (int i = 0; i < width_px * height_px; ++i) {
    const int alpha = is_opaque ? 255 : 255 - i % 200;
    for (const int level : {i, i / 7, i * 3, alpha})
      image.rgba.push_back(static_cast<std::uint8_t>(level));
  }
  return image;
}

}  // namespace vivavox::test
