#include "engine/stage/node_constraints.h"

#include <algorithm>

namespace vivavox {

namespace {

using gltf::Document;
namespace json = boost::json;

/// "X", "NegativeZ"; nothing where it is no axis.
std::optional<float3> axis_named(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const auto axis = static_cast<std::size_t>(name.back() - 'X');
  if (axis > 2) return std::nullopt;
  float3 unit(0.0F);
  unit[axis] = name.starts_with("Negative") ? -1.0F : 1.0F;
  return unit;
}

/// What the node's extension says; nothing where it is damaged.
std::optional<NodeConstraint> constraint_of(const json::object& extension, std::size_t node,
                                            std::span<const std::size_t> node_place,
                                            const Avatar& avatar) {
  using enum NodeConstraint::Kind;
  const json::object& given = gltf::object_member(extension, "constraint");
  const json::object& roll = gltf::object_member(given, "roll");
  const json::object& aim = gltf::object_member(given, "aim");
  const bool is_roll = !roll.empty(), is_aim = !is_roll && !aim.empty();
  const json::object& object = is_roll  ? roll
                               : is_aim ? aim
                                        : gltf::object_member(given, "rotation");
  const auto source = gltf::index_member(object, "source");
  auto axis = axis_named(gltf::string_member(object, is_roll ? "rollAxis" : "aimAxis"));
  if (!is_roll && !is_aim) axis = float3(1, 0, 0);
  if (!source || *source >= node_place.size() || !axis) return std::nullopt;
  const std::size_t followed = node_place[*source];
  return NodeConstraint{.kind = is_roll  ? roll_about_axis
                                : is_aim ? aim_of_axis
                                         : rotation,
                        .node = node,
                        .source = followed,
                        .axis = *axis,
                        .weight = std::clamp(gltf::number_member(object, "weight", 1), 0.0F, 1.0F),
                        .node_rest = avatar.nodes[node].rotation,
                        .source_rest = avatar.nodes[followed].rotation};
}

/// Whether what it follows, or its own place where that counts, is yet to be turned.
bool depends(const NodeConstraint& one, const Avatar& avatar, const std::vector<bool>& is_waiting) {
  if (is_waiting[one.source]) return true;
  if (one.kind != NodeConstraint::Kind::aim_of_axis) return false;
  for (const std::size_t node : {one.source, one.node}) {
    for (auto at = avatar.nodes[node].parent; at; at = avatar.nodes[*at].parent) {
      if (is_waiting[*at]) return true;
    }
  }
  return false;
}

/// Gives the avatar those that depend on none that has not its turn before.
void add_in_order(std::span<const NodeConstraint> given, Avatar& avatar) {
  std::vector<bool> is_waiting(avatar.nodes.size(), false);
  for (const NodeConstraint& one : given) is_waiting[one.node] = true;
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (const NodeConstraint& one : given) {
      if (!is_waiting[one.node] || depends(one, avatar, is_waiting)) continue;
      avatar.constraints.push_back(one);
      is_waiting[one.node] = false;
      goes_on = true;
    }
  }
}

quatf rotation_above(const Avatar& avatar, std::span<const Transform> places, std::size_t node) {
  quatf above(1, 0, 0, 0);
  for (auto at = avatar.nodes[node].parent; at; at = avatar.nodes[*at].parent)
    above = places[*at].rotation * above;
  return above;
}

float3 place_of(const Avatar& avatar, std::span<const mat4f> local, std::size_t node) {
  float3 place(0.0F);
  for (std::optional<std::size_t> at = node; at; at = avatar.nodes[*at].parent)
    place = transformed(local[*at], place);
  return place;
}

/// How far the source is turned from its rest.
quatf turn_of_source(const NodeConstraint& one, std::span<const Transform> places) {
  return inverse(one.source_rest) * places[one.source].rotation;
}

/// What of the source's turn is about the axis.
quatf rolled(const NodeConstraint& one, std::span<const Transform> places) {
  const quatf in_parent = one.source_rest * turn_of_source(one, places) * inverse(one.source_rest);
  const quatf turn = inverse(one.node_rest) * in_parent * one.node_rest;
  return one.node_rest * inverse(turn_between(one.axis, turn * one.axis)) * turn;
}

/// With the axis towards the source.
quatf aimed(const NodeConstraint& one, const Avatar& avatar, std::span<const Transform> places,
            std::span<const mat4f> local) {
  const float3 way = place_of(avatar, local, one.source) - place_of(avatar, local, one.node);
  const float size = length(way);
  if (!(size > 1e-6F && size < 1e9F)) return one.node_rest;
  const quatf above = rotation_above(avatar, places, one.node);
  const quatf turn = turn_between(above * one.node_rest * one.axis, way / size);
  return inverse(above) * turn * above * one.node_rest;
}

quatf followed(const NodeConstraint& one, const Avatar& avatar, std::span<const Transform> places,
               std::span<const mat4f> local) {
  switch (one.kind) {
    case NodeConstraint::Kind::roll_about_axis:
      return rolled(one, places);
    case NodeConstraint::Kind::aim_of_axis:
      return aimed(one, avatar, places, local);
    case NodeConstraint::Kind::rotation:
      break;
  }
  return one.node_rest * turn_of_source(one, places);
}

}  // namespace

void read_node_constraints(const Document& document, std::span<const std::size_t> node_place,
                           Avatar& avatar) {
  std::vector<NodeConstraint> given;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < node_place.size(); ++i) {
    const json::object& extension =
        gltf::extension(document.element("nodes", i), "VRMC_node_constraint");
    if (extension.empty()) continue;
    ++seen;
    auto one = constraint_of(extension, node_place[i], node_place, avatar);
    if (one && given.size() < max_node_constraints) given.push_back(*one);
  }
  add_in_order(given, avatar);
  if (avatar.constraints.size() < seen) {
    avatar.notes.push_back(
        std::to_string(seen - avatar.constraints.size()) +
        " node constraints are left out: they go round in a circle, follow a node that "
        "does not exist, or are more than 128");
  }
}

void apply_node_constraints(const Avatar& avatar, std::span<Transform> places,
                            std::span<mat4f> local) {
  for (const NodeConstraint& one : avatar.constraints) {
    Transform& turned = places[one.node];
    turned.rotation = slerp(one.node_rest, followed(one, avatar, places, local), one.weight);
    local[one.node] = matrix_of(turned);
  }
}

}  // namespace vivavox
