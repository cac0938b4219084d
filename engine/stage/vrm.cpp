#include "engine/stage/vrm.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/mesh_targets.h"

namespace vivavox {

namespace {

using gltf::Document;
using gltf::Fault;
namespace json = boost::json;

// More than any maker's avatar has: what they are asked at each frame stays cheap.
constexpr std::size_t max_expressions = 256, max_shares = 256;

void add_bind(MeshTargets& targets, std::optional<std::size_t> mesh, const json::object& bind,
              float full_weight, AvatarExpression& expression) {
  const auto index = gltf::index_member(bind, "index");
  if (!mesh || !index) return;
  if (const auto target = targets.find(*mesh, *index)) {
    if (expression.shares.size() == max_shares)
      throw Fault{"an expression of the avatar moves more than 256 targets: simplify it"};
    const float weight = gltf::number_member(bind, "weight", full_weight) / full_weight;
    expression.shares.push_back({.target = *target, .weight = std::clamp(weight, 0.0F, 1.0F)});
  }
}

void add_expression(AvatarExpression expression, Avatar& avatar) {
  if (avatar.expressions.size() == max_expressions)
    throw Fault{"the avatar has more than 256 expressions: leave some out"};
  avatar.expressions.push_back(std::move(expression));
}

// --- VRM 1.0 -------------------------------------------------------------------

AvatarExpression read_expression(const Document& document, MeshTargets& targets,
                                 std::string_view name, const json::object& object) {
  AvatarExpression expression{.name = std::string(name),
                              .is_binary = gltf::bool_member(object, "isBinary", false)};
  const std::string mouth = gltf::string_member(object, "overrideMouth");
  expression.leaves_mouth = mouth.empty() || mouth == "none";
  for (const json::value& bind : gltf::array_member(object, "morphTargetBinds")) {
    if (!bind.is_object()) continue;
    const auto node = gltf::index_member(bind.get_object(), "node");
    if (!node) continue;
    const auto mesh = gltf::index_member(document.element("nodes", *node), "mesh");
    add_bind(targets, mesh, bind.get_object(), 1, expression);
  }
  return expression;
}

void read_expressions(const Document& document, const json::object& vrm, MeshTargets& targets,
                      Avatar& avatar) {
  const json::object& expressions = gltf::object_member(vrm, "expressions");
  for (const char* kind : {"preset", "custom"}) {
    for (const auto& [name, value] : gltf::object_member(expressions, kind)) {
      if (!value.is_object()) continue;
      add_expression(read_expression(document, targets, name, value.get_object()), avatar);
    }
  }
}

void read_bones(const json::object& vrm, std::span<const std::size_t> node_place, Avatar& avatar) {
  const json::object& bones =
      gltf::object_member(gltf::object_member(vrm, "humanoid"), "humanBones");
  for (const auto& [bone, value] : bones) {
    if (!value.is_object()) continue;
    const auto node = gltf::index_member(value.get_object(), "node");
    if (node && *node < node_place.size()) avatar.humanoid[bone] = node_place[*node];
  }
}

/// Source: VRMC_materials_mtoon-1.0.
void read_toon(const json::object& mtoon, AvatarMaterial& material) {
  const auto shade = gltf::numbers_member<3>(mtoon, "shadeColorFactor", {0, 0, 0});
  material.toon = {.shade = {shade[0], shade[1], shade[2]},
                   .shift = gltf::number_member(mtoon, "shadingShiftFactor", 0),
                   .toony = gltf::number_member(mtoon, "shadingToonyFactor", 0.9F)};
}

// --- VRM 0.x -------------------------------------------------------------------

void read_groups(const json::object& vrm, MeshTargets& targets, Avatar& avatar) {
  const json::object& master = gltf::object_member(vrm, "blendShapeMaster");
  for (const json::value& value : gltf::array_member(master, "blendShapeGroups")) {
    if (!value.is_object()) continue;
    const json::object& group = value.get_object();
    const std::string preset = gltf::string_member(group, "presetName");
    const bool is_known = !preset.empty() && preset != "unknown";
    AvatarExpression expression{.name = is_known ? preset : gltf::string_member(group, "name"),
                                .is_binary = gltf::bool_member(group, "isBinary", false)};
    for (const json::value& bind : gltf::array_member(group, "binds")) {
      if (!bind.is_object()) continue;
      constexpr float percent = 100;
      const auto mesh = gltf::index_member(bind.get_object(), "mesh");
      add_bind(targets, mesh, bind.get_object(), percent, expression);
    }
    add_expression(std::move(expression), avatar);
  }
}

void read_bone_list(const json::object& vrm, std::span<const std::size_t> node_place,
                    Avatar& avatar) {
  const json::object& humanoid = gltf::object_member(vrm, "humanoid");
  for (const json::value& value : gltf::array_member(humanoid, "humanBones")) {
    if (!value.is_object()) continue;
    const json::object& bone = value.get_object();
    const auto node = gltf::index_member(bone, "node");
    if (node && *node < node_place.size())
      avatar.humanoid[gltf::string_member(bone, "bone")] = node_place[*node];
  }
}

/// VRM 0.x has its colours as they are shown, and shades between two cosines.
void read_old_toon(const json::object& properties, AvatarMaterial& material) {
  if (!gltf::string_member(properties, "shader").contains("MToon")) return;
  const auto shade = gltf::numbers_member<4>(gltf::object_member(properties, "vectorProperties"),
                                             "_ShadeColor", {0.97F, 0.81F, 0.86F, 1});
  const json::object& numbers = gltf::object_member(properties, "floatProperties");
  const float low = gltf::number_member(numbers, "_ShadeShift", 0);
  const float toony = gltf::number_member(numbers, "_ShadeToony", 0.9F);
  const float high = std::lerp(1.0F, low, toony);
  constexpr float display_gamma = 2.2F;
  const auto linear = [](float level) { return std::pow(std::max(level, 0.0F), display_gamma); };
  material.toon = {.shade = {linear(shade[0]), linear(shade[1]), linear(shade[2])},
                   .shift = -(high + low) / 2,
                   .toony = std::clamp((2 - (high - low)) / 2, 0.0F, 1.0F)};
}

}  // namespace

bool is_vrm0(const Document& document) {
  return gltf::object_member(document.root(), "extensions").contains("VRM");
}

void read_vrm(const Document& document, std::span<const std::size_t> node_place, Avatar& avatar) {
  const json::object& old = gltf::extension(document.root(), "VRM");
  MeshTargets targets(document, avatar);
  read_groups(old, targets, avatar);
  read_bone_list(old, node_place, avatar);
  const json::array& properties = gltf::array_member(old, "materialProperties");
  const json::object& vrm = gltf::extension(document.root(), "VRMC_vrm");
  read_expressions(document, vrm, targets, avatar);
  read_bones(vrm, node_place, avatar);
  for (std::size_t i = 0; i < document.count("materials"); ++i) {
    if (i < properties.size() && properties[i].is_object())
      read_old_toon(properties[i].get_object(), avatar.materials[i]);
    const json::object& mtoon =
        gltf::extension(document.element("materials", i), "VRMC_materials_mtoon");
    if (!mtoon.empty()) read_toon(mtoon, avatar.materials[i]);
  }
}

}  // namespace vivavox
