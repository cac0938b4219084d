#include "engine/unpack/draco_mesh.h"

#include <draco/compression/decode.h>
#include <draco/compression/point_cloud/point_cloud_decoder.h>
#include <draco/core/varint_decoding.h>
#include <draco/metadata/metadata_decoder.h>

#include <cstring>
#include <utility>

namespace vivavox {

namespace {

using gltf::Fault;

constexpr std::size_t max_faces = 2'000'000;
constexpr std::size_t max_vertices = 1'000'000;

Fault damaged() {
  return {"a mesh of the avatar that Draco packed is damaged: export it again"};
}

/// Draco has larger numbers and truths besides, whose bytes may be neither true nor false.
bool is_of_gltf(draco::DataType type) {
  return (type >= draco::DT_INT8 && type <= draco::DT_UINT32) || type == draco::DT_FLOAT32;
}

/// A mesh that grows no larger than the budget allows: what its attributes take is known when
/// they are added, before they are decoded.
class BoundedMesh final : public draco::Mesh {
 public:
  explicit BoundedMesh(Budget& budget) : budget_(budget) {}

  void SetAttribute(int id, std::unique_ptr<draco::PointAttribute> attribute) override {
    if (!is_of_gltf(attribute->data_type())) throw damaged();
    // Once as it is packed, in whole numbers, and once plain.
    const auto plain_bytes = static_cast<std::uint64_t>(attribute->byte_stride());
    const std::uint64_t packed_bytes = sizeof(std::int32_t) * attribute->num_components();
    budget_.spend(num_points() * (plain_bytes + packed_bytes));
    Mesh::SetAttribute(id, std::move(attribute));
  }

 private:
  Budget& budget_;
};

/// How many triangles and vertices the stream says that it has, without unpacking it: the
/// decoder makes room for them before it sees whether they are there.
struct Size {
  std::uint32_t faces = 0;
  std::uint32_t vertices = 0;
};

Size size_of(draco::DecoderBuffer stream) {
  draco::DracoHeader header{};
  if (!draco::PointCloudDecoder::DecodeHeader(&stream, &header).ok()) throw damaged();
  if (header.encoder_type != draco::TRIANGULAR_MESH || header.version_major != 2 ||
      header.version_minor != 2) {
    throw Fault{
        "a mesh of the avatar is packed by another Draco than KHR_draco_mesh_compression has: "
        "export it without compression"};
  }
  stream.set_bitstream_version(DRACO_BITSTREAM_VERSION(2, 2));
  if (header.flags & METADATA_FLAG_MASK) {
    draco::GeometryMetadata metadata;
    if (!draco::MetadataDecoder().DecodeGeometryMetadata(&stream, &metadata)) throw damaged();
  }
  Size size;
  const auto read = [&stream](std::uint32_t& number) {
    return draco::DecodeVarint(&number, &stream);
  };
  if (header.encoder_method == draco::MESH_SEQUENTIAL_ENCODING) {
    if (!read(size.faces) || !read(size.vertices)) throw damaged();
    return size;
  }
  std::uint8_t traversal = 0;
  if (!stream.Decode(&traversal) || !read(size.vertices) || !read(size.faces)) throw damaged();
  return size;
}

template <class T>
std::vector<std::byte> values_as(const draco::PointAttribute& attribute, std::size_t vertices,
                                 std::size_t components) {
  constexpr std::size_t alignment = 4;
  const std::size_t used_bytes = components * sizeof(T);
  const std::size_t stride_bytes = (used_bytes + alignment - 1) / alignment * alignment;
  std::vector<std::byte> bytes(vertices * stride_bytes);
  std::array<T, 4> value{};
  for (std::size_t i = 0; i < vertices; ++i) {
    const auto place = attribute.mapped_index(draco::PointIndex(static_cast<std::uint32_t>(i)));
    if (place.value() >= attribute.size() ||
        !attribute.ConvertValue<T>(place, static_cast<std::int8_t>(components), value.data())) {
      throw damaged();
    }
    std::memcpy(bytes.data() + i * stride_bytes, value.data(), used_bytes);
  }
  return bytes;
}

}  // namespace

DracoMesh::DracoMesh(std::span<const std::byte> packed, Budget& budget)
    : mesh_(std::make_unique<BoundedMesh>(budget)) {
  draco::DecoderBuffer stream;
  stream.Init(reinterpret_cast<const char*>(packed.data()), packed.size());
  const Size size = size_of(stream);
  if (size.faces > max_faces || size.vertices > max_vertices) {
    throw Fault{
        "a mesh of the avatar has more than a million vertices or two million triangles: "
        "simplify the model"};
  }
  // What the decoder takes for one, and the corners that may become vertices.
  constexpr std::size_t face_bytes = 64;
  budget.spend(size.faces * face_bytes);
  draco::Decoder decoder;
  if (!decoder.DecodeBufferToGeometry(&stream, mesh_.get()).ok()) throw damaged();
  if (vertex_count() > max_vertices) throw damaged();
}

DracoMesh::DracoMesh(DracoMesh&&) noexcept = default;
DracoMesh::~DracoMesh() = default;

std::size_t DracoMesh::vertex_count() const {
  return mesh_->num_points();
}

std::vector<std::uint32_t> DracoMesh::indices() const {
  std::vector<std::uint32_t> indices;
  indices.reserve(std::size_t{3} * mesh_->num_faces());
  for (std::uint32_t i = 0; i < mesh_->num_faces(); ++i) {
    for (const draco::PointIndex vertex : mesh_->face(draco::FaceIndex(i)))
      indices.push_back(vertex.value());
  }
  return indices;
}

std::vector<std::byte> DracoMesh::values(std::size_t id, gltf::Component component,
                                         std::size_t components) const {
  const auto* attribute = mesh_->GetAttributeByUniqueId(static_cast<std::uint32_t>(id));
  if (!attribute || components > 4 ||
      static_cast<std::size_t>(attribute->num_components()) != components) {
    throw Fault{"a mesh of the avatar that Draco packed lacks an attribute: export it again"};
  }
  switch (component) {
    case gltf::Component::int8:
      return values_as<std::int8_t>(*attribute, vertex_count(), components);
    case gltf::Component::uint8:
      return values_as<std::uint8_t>(*attribute, vertex_count(), components);
    case gltf::Component::int16:
      return values_as<std::int16_t>(*attribute, vertex_count(), components);
    case gltf::Component::uint16:
      return values_as<std::uint16_t>(*attribute, vertex_count(), components);
    case gltf::Component::uint32:
      return values_as<std::uint32_t>(*attribute, vertex_count(), components);
    case gltf::Component::float32:
      return values_as<float>(*attribute, vertex_count(), components);
  }
  throw Fault{"an accessor has an unknown component type: export the file as glTF 2.0"};
}

}  // namespace vivavox
