#include "engine/stage/mesh_targets.h"

namespace vivavox {

MeshTargets::MeshTargets(const gltf::Document& document, const Avatar& avatar)
    : document_(document) {
  for (std::size_t i = 0; i < avatar.target_names.size(); ++i)
    by_name_.emplace(avatar.target_names[i], i);
}

std::span<const std::optional<std::size_t>> MeshTargets::of(std::size_t mesh) {
  const auto [known, added] = of_mesh_.try_emplace(mesh);
  if (added) known->second = read(document_.element("meshes", mesh));
  return known->second;
}

std::optional<std::size_t> MeshTargets::find(std::size_t mesh, std::size_t index) {
  const auto targets = of(mesh);
  return index < targets.size() ? targets[index] : std::nullopt;
}

MeshTargets::Targets MeshTargets::read(const boost::json::object& mesh) const {
  const boost::json::array& primitives = gltf::array_member(mesh, "primitives");
  if (primitives.empty() || !primitives[0].is_object()) return {};
  Targets targets;
  for (const std::string& name : gltf::target_names(mesh, primitives[0].get_object())) {
    const auto found = by_name_.find(name);
    targets.push_back(found == by_name_.end() ? std::nullopt : std::optional(found->second));
  }
  return targets;
}

}  // namespace vivavox
