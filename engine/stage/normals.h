// Smooth vertex normals, at rest and as morph targets turn them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/stage/vector_math.h"

namespace vivavox {

/// The normal at each vertex: of the triangles around it, weighted by area.
/// Vertices that no triangle uses look along +Z.
std::vector<float3> smooth_normals(std::span<const float3> positions,
                                   std::span<const std::uint32_t> indices);

/// How the normals of a mesh turn with its morph targets, where the file does
/// not say: the change between the smooth normals at weight 0 and at weight 1.
class NormalChanges {
 public:
  /// Vertices that share place and normal (copies at a texture's seam) are
  /// treated as one, so that no seam shows.
  NormalChanges(std::span<const float3> positions, std::span<const float3> normals,
                std::span<const std::uint32_t> indices);

  struct Change {
    std::vector<std::uint32_t> vertices;  ///< ascending: all whose normal turns
    std::vector<float3> normals;          ///< to be added to the normal at rest
  };

  /// For the target that moves `vertices` by `displacements`.
  Change of(std::span<const std::uint32_t> vertices, std::span<const float3> displacements) const;

 private:
  std::span<const float3> positions_;
  std::span<const std::uint32_t> indices_;
  std::vector<std::uint32_t> group_of_;      // of each vertex
  std::vector<std::uint32_t> members_;       // vertices, by group
  std::vector<std::uint32_t> member_begin_;  // into members_, one more than groups
  std::vector<std::uint32_t> triangles_;     // triangles around each group
  std::vector<std::uint32_t> triangle_begin_;
};

}  // namespace vivavox
