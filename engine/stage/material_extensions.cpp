#include "engine/stage/material_extensions.h"

#include <algorithm>
#include <array>

namespace vivavox {

namespace {

namespace json = boost::json;

constexpr std::string_view clearcoat = "KHR_materials_clearcoat";
constexpr std::string_view sheen = "KHR_materials_sheen";
constexpr std::string_view transmission = "KHR_materials_transmission";
constexpr std::string_view specular = "KHR_materials_specular";
constexpr std::string_view ior = "KHR_materials_ior";
constexpr std::array elsewhere{std::string_view("KHR_materials_unlit"),
                               std::string_view("KHR_materials_emissive_strength"),
                               std::string_view("VRMC_materials_mtoon")};

float share_of(const json::object& object, std::string_view extension, std::string_view name,
               float otherwise = 0) {
  return std::clamp(gltf::number_member(gltf::extension(object, extension), name, otherwise), 0.0F,
                    1.0F);
}

float3 color_of(const json::object& object, std::string_view extension, std::string_view name,
                float otherwise) {
  const auto color = gltf::numbers_member<3>(gltf::extension(object, extension), name,
                                             {otherwise, otherwise, otherwise});
  return {color[0], color[1], color[2]};
}

float4 mirrored_of(const json::object& object) {
  const float index = gltf::number_member(gltf::extension(object, ior), "ior", 1.5F);
  // Below 1 lies only 0, which means that all is mirrored.
  const float root = index < 1 ? 1.0F : (index - 1) / (index + 1);
  const float weight = share_of(object, specular, "specularFactor", 1);
  const float3 head_on = root * root * color_of(object, specular, "specularColorFactor", 1);
  return {clamp(head_on, 0.0F, 1.0F) * weight, weight};
}

/// Skin and hair let light through and shine by rules of their own; an eye has its wet coat.
bool takes(const AvatarMaterial& material, std::string_view extension) {
  if (material.surface == Surface::skin || material.surface == Surface::hair) return false;
  return material.surface != Surface::eye || extension == transmission;
}

/// Whether textures of the extension's say where it holds.
bool is_textured(const json::object& extension) {
  return std::ranges::any_of(extension, [](const auto& member) {
    return std::string_view(member.key()).ends_with("Texture");
  });
}

/// A material that is see-through only here and there is none as a whole.
bool is_clear(const json::object& object) {
  return share_of(object, transmission, "transmissionFactor") > 0 &&
         !gltf::extension(object, transmission).contains("transmissionTexture");
}

bool has_effect(const json::object& object, std::string_view extension) {
  if (extension == clearcoat) return share_of(object, clearcoat, "clearcoatFactor") > 0;
  if (extension == sheen) return color_of(object, sheen, "sheenColorFactor", 0) != float3(0.0F);
  return share_of(object, transmission, "transmissionFactor") > 0;
}

/// What is not shown of an extension that a material has; empty where all of it is.
std::string unshown_of(const json::object& object, std::string_view extension,
                       const AvatarMaterial& material) {
  if (std::ranges::find(elsewhere, extension) != elsewhere.end()) return {};
  const bool is_layer = extension == clearcoat || extension == sheen || extension == transmission;
  if (!is_layer && extension != specular && extension != ior) return std::string(extension);
  if (is_layer && !has_effect(object, extension)) return {};
  if (is_layer && !takes(material, extension)) return std::string(extension);
  if (!is_textured(gltf::extension(object, extension))) return {};
  return "the texture of " + std::string(extension);
}

}  // namespace

void read_material_extensions(const json::object& object, AvatarMaterial& material,
                              UnshownExtensions& unshown) {
  material.mirrored = mirrored_of(object);
  MaterialLayers& layers = material.layers;
  if (takes(material, clearcoat)) {
    layers.coat = share_of(object, clearcoat, "clearcoatFactor");
    layers.coat_roughness = share_of(object, clearcoat, "clearcoatRoughnessFactor");
    layers.sheen = clamp(color_of(object, sheen, "sheenColorFactor", 0), 0.0F, 1.0F);
    layers.sheen_roughness = share_of(object, sheen, "sheenRoughnessFactor");
  }
  if (takes(material, transmission) && is_clear(object)) {
    layers.is_clear = true;
    material.base_color.a *= 1 - share_of(object, transmission, "transmissionFactor");
  }
  // Those that damaged files make up need not all be named.
  constexpr std::size_t longest = 60, most = 20;
  for (const json::key_value_pair& member : gltf::object_member(object, "extensions")) {
    const std::string_view name = member.key();
    if (!name.contains("_materials_") || name.size() > longest || unshown.size() == most) continue;
    if (const std::string what = unshown_of(object, name, material); !what.empty()) ++unshown[what];
  }
}

void note(const UnshownExtensions& unshown, std::vector<std::string>& notes) {
  for (const auto& [what, count] : unshown)
    notes.push_back("what " + what + " says of " + std::to_string(count) +
                    " materials is not shown");
}

}  // namespace vivavox
