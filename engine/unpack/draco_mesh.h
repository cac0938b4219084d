// Meshes that Draco packed. Source: Khronos, glTF extension KHR_draco_mesh_compression; Google,
// Draco Bitstream Specification 2.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/unpack/budget.h"

namespace draco {
class Mesh;
}

namespace vivavox {

class DracoMesh {
 public:
  /// Unpacks a stream. Throws gltf::Fault.
  DracoMesh(std::span<const std::byte> packed, Budget& budget);
  DracoMesh(DracoMesh&&) noexcept;
  ~DracoMesh();

  std::size_t vertex_count() const;

  /// Three of each triangle.
  std::vector<std::uint32_t> indices() const;

  /// The values of an attribute, by its id in the stream: so many components of this type of each
  /// vertex, which then has a multiple of 4 bytes. Throws gltf::Fault.
  std::vector<std::byte> values(std::size_t id, gltf::Component component,
                                std::size_t components) const;

 private:
  std::unique_ptr<draco::Mesh> mesh_;
};

}  // namespace vivavox
