// The avatar's targets by the numbers that a file's meshes give them.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// Looks at each mesh once.
class MeshTargets {
 public:
  /// Keeps `document` by reference.
  MeshTargets(const gltf::Document& document, const Avatar& avatar);

  /// For each target of the mesh its index into Avatar::target_names; nothing where no part has
  /// it. Those of the first primitive: all have the same. Throws gltf::Fault.
  std::span<const std::optional<std::size_t>> of(std::size_t mesh);

  /// Nothing where the mesh has no such target. Throws gltf::Fault.
  std::optional<std::size_t> find(std::size_t mesh, std::size_t index);

 private:
  using Targets = std::vector<std::optional<std::size_t>>;

  Targets read(const boost::json::object& mesh) const;

  const gltf::Document& document_;
  std::unordered_map<std::string, std::size_t> by_name_;
  std::map<std::size_t, Targets> of_mesh_;
};

}  // namespace vivavox
