// What glTF's extensions of materials add: other reflections, lacquer, fibres, glass.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/stage/avatar.h"
#include "engine/stage/gltf.h"

namespace vivavox {

/// What materials ask for and do not get, by name: how many of them.
using UnshownExtensions = std::map<std::string, std::size_t, std::less<>>;

/// Fills what the extensions of the file's material `object` say of `material`, whose surface is
/// known, and counts what of them is not shown. Throws gltf::Fault.
void read_material_extensions(const gltf::json::object& object, AvatarMaterial& material,
                              UnshownExtensions& unshown);

/// A sentence for each.
void note(const UnshownExtensions& unshown, std::vector<std::string>& notes);

}  // namespace vivavox
