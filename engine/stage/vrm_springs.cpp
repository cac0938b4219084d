#include "engine/stage/vrm_springs.h"

#include <algorithm>

namespace vivavox {

namespace {

using gltf::Document;
namespace json = boost::json;

/// Reads one file's springs into the avatar.
class SpringReader {
 public:
  SpringReader(std::span<const std::size_t> node_place, Avatar& avatar)
      : node_place_(node_place), avatar_(avatar) {}

  void read(const json::object& springs);
  void read_old(const json::object& animation);
  void note() const;

 private:
  std::optional<std::size_t> node_member(const json::object& object, std::string_view name) const;
  void add_collider(const json::object& shape, float3 from, float3 to,
                    std::optional<std::size_t> node);
  std::size_t add_colliders_of(const json::object& spring, std::size_t joints);
  bool read_joints(const json::object& spring);
  void read_old_joints(SpringJoint joint, std::size_t root);
  std::optional<float3> way_to(std::size_t from, std::size_t to) const;
  float3 old_tail(std::size_t node) const;
  bool is_taken(std::size_t node) const {
    return std::ranges::contains(avatar_.springs, node, &SpringJoint::node);
  }
  bool is_full() const {
    return seen_ > max_spring_joints || meetings_ > max_spring_meetings ||
           avatar_.colliders.size() > max_spring_meetings;
  }

  std::span<const std::size_t> node_place_;
  Avatar& avatar_;
  std::vector<std::vector<std::size_t>> groups_;  ///< of colliders, as the file has them
  std::size_t seen_ = 0, meetings_ = 0, damaged_ = 0;
};

const json::object& object_of(const json::value& value) {
  static const json::object empty;
  return value.is_object() ? value.get_object() : empty;
}

float3 vector_member(const json::object& object, std::string_view name, float3 fallback) {
  const auto v = gltf::numbers_member<3>(object, name, {fallback.x, fallback.y, fallback.z});
  return {v[0], v[1], v[2]};
}

/// A vector of VRM 0.x, which is written as Unity has it: with Z the other way round.
float3 old_vector(const json::object& object, float otherwise_y) {
  return {gltf::number_member(object, "x", 0), gltf::number_member(object, "y", otherwise_y),
          -gltf::number_member(object, "z", 0)};
}

/// What both versions say of a joint; 0.x spells one name otherwise. Forces that no file means
/// would leave the range of a float.
SpringJoint joint_of(const json::object& object, const char* stiffness, float3 down) {
  constexpr float most = 1e3F;
  const auto number = [&](const char* name, float fallback) {
    return std::clamp(gltf::number_member(object, name, fallback), -most, most);
  };
  return {.stiffness = std::max(number(stiffness, 1), 0.0F),
          .drag = std::clamp(number("dragForce", 0.5F), 0.0F, 1.0F),
          .radius = std::max(number("hitRadius", 0), 0.0F),
          .gravity = clamp(down, -1.0F, 1.0F) * number("gravityPower", 0)};
}

/// Nothing where the file has no such node.
std::optional<std::size_t> SpringReader::node_member(const json::object& object,
                                                     std::string_view name) const {
  const auto node = gltf::index_member(object, name);
  return node && *node < node_place_.size() ? std::optional(node_place_[*node]) : std::nullopt;
}

/// What is no collider keeps its number, since groups count, and keeps nothing out.
void SpringReader::add_collider(const json::object& shape, float3 from, float3 to,
                                std::optional<std::size_t> node) {
  damaged_ += !node;
  avatar_.colliders.push_back({.node = node.value_or(0),
                               .from = from,
                               .to = to,
                               .radius = node ? gltf::number_member(shape, "radius", 0) : -1e9F});
}

/// Adds the colliders of the spring's groups as one group, and returns its number.
std::size_t SpringReader::add_colliders_of(const json::object& spring, std::size_t joints) {
  auto& all = avatar_.collider_groups.emplace_back();
  for (const json::value& value : gltf::array_member(spring, "colliderGroups")) {
    boost::system::error_code error;
    const auto group = value.to_number<std::uint32_t>(error);
    const bool is_there = !error && group < groups_.size();
    damaged_ += !is_there;
    if (is_there) std::ranges::copy(groups_[group], std::back_inserter(all));
    if (all.size() > max_spring_meetings) break;
  }
  meetings_ += all.size() * joints;
  return avatar_.collider_groups.size() - 1;
}

void SpringReader::note() const {
  if (is_full()) {
    avatar_.springs.clear();
    avatar_.notes.emplace_back(
        "hair and clothes do not swing: there are more than 2,000 joints, or 50,000 meetings of "
        "joints and colliders");
  } else if (damaged_ > 0) {
    avatar_.notes.push_back(std::to_string(damaged_) +
                            " springs or colliders are left out: their nodes are no chain, belong "
                            "to another, or do not exist");
  }
}

// --- VRM 1.0 -------------------------------------------------------------------

/// From a node to one below it, at rest, in its coordinates.
std::optional<float3> SpringReader::way_to(std::size_t from, std::size_t to) const {
  float3 way(0.0F);
  for (std::optional<std::size_t> at = to; at && *at > from; at = avatar_.nodes[*at].parent) {
    way = transformed(local_transform(avatar_.nodes[*at]), way);
    if (avatar_.nodes[*at].parent == from) return way;
  }
  return std::nullopt;
}

/// Each joint but the last, which is the tail of the one before. False: they are no chain.
bool SpringReader::read_joints(const json::object& spring) {
  const json::array& joints = gltf::array_member(spring, "joints");
  seen_ += joints.size() + 1;
  if (is_full()) return true;
  const std::size_t group = add_colliders_of(spring, joints.size());
  for (std::size_t i = 0; i < joints.size(); ++i) {
    const json::object& object = object_of(joints[i]);
    const auto node = node_member(object, "node");
    const bool is_last = i + 1 == joints.size();
    if (!node || (!is_last && is_taken(*node))) return false;
    if (i > 0) {
      const auto way = way_to(avatar_.springs.back().node, *node);
      if (!way) return false;
      avatar_.springs.back().tail = *way;
    }
    if (is_last) break;
    const float3 down = vector_member(object, "gravityDir", float3(0, -1, 0));
    SpringJoint joint = joint_of(object, "stiffness", down);
    joint.node = *node;
    joint.group = group;
    joint.center = node_member(spring, "center");
    avatar_.springs.push_back(joint);
  }
  return true;
}

void SpringReader::read(const json::object& springs) {
  for (const json::value& value : gltf::array_member(springs, "colliders")) {
    const json::object& object = object_of(value);
    const json::object& shape = gltf::object_member(object, "shape");
    const json::object& capsule = gltf::object_member(shape, "capsule");
    const json::object& form = capsule.empty() ? gltf::object_member(shape, "sphere") : capsule;
    const float3 from = vector_member(form, "offset", float3(0.0F));
    add_collider(form, from, vector_member(form, "tail", from), node_member(object, "node"));
  }
  for (const json::value& value : gltf::array_member(springs, "colliderGroups"))
    groups_.push_back(
        gltf::indices_member(object_of(value), "colliders", avatar_.colliders.size()));
  for (const json::value& value : gltf::array_member(springs, "springs")) {
    const std::size_t before = avatar_.springs.size();
    if (read_joints(object_of(value))) continue;
    ++damaged_;
    avatar_.springs.resize(before);
  }
}

// --- VRM 0.x -------------------------------------------------------------------

/// A node's first child; of the last of a strand what lies 7 cm further on.
float3 SpringReader::old_tail(std::size_t node) const {
  const auto child = std::ranges::find(avatar_.nodes, std::optional(node), &AvatarNode::parent);
  if (child != avatar_.nodes.end()) return child->translation;
  constexpr float beyond = 0.07F;
  const float3 way = inverse(avatar_.nodes[node].rotation) * avatar_.nodes[node].translation;
  return way * (beyond / std::max(length(way), 1e-9F));
}

/// The root and all nodes below it.
void SpringReader::read_old_joints(SpringJoint joint, std::size_t root) {
  std::vector<bool> is_below(avatar_.nodes.size(), false);
  is_below[root] = true;
  for (std::size_t node = root; node < avatar_.nodes.size() && !is_full(); ++node) {
    if (const auto parent = avatar_.nodes[node].parent; parent && is_below[*parent])
      is_below[node] = true;
    if (!is_below[node]) continue;
    ++seen_;
    if (is_taken(node)) continue;
    joint.node = node;
    joint.tail = old_tail(node);
    avatar_.springs.push_back(joint);
    meetings_ += avatar_.collider_groups[joint.group].size();
  }
}

void SpringReader::read_old(const json::object& animation) {
  groups_.clear();
  for (const json::value& value : gltf::array_member(animation, "colliderGroups")) {
    const json::object& group = object_of(value);
    groups_.emplace_back();
    for (const json::value& ball : gltf::array_member(group, "colliders")) {
      const json::object& object = object_of(ball);
      const float3 at = old_vector(gltf::object_member(object, "offset"), 0);
      groups_.back().push_back(avatar_.colliders.size());
      add_collider(object, at, at, node_member(group, "node"));
    }
  }
  for (const json::value& value : gltf::array_member(animation, "boneGroups")) {
    const json::object& group = object_of(value);
    const float3 down = old_vector(gltf::object_member(group, "gravityDir"), -1);
    // The avatar is turned round, what pulls it is not.
    SpringJoint joint = joint_of(group, "stiffiness", float3(-down.x, down.y, -down.z));
    joint.group = add_colliders_of(group, 0);
    // Without one, exporters write −1.
    if (gltf::number_member(group, "center", -1) >= 0) joint.center = node_member(group, "center");
    for (const json::value& bone : gltf::array_member(group, "bones")) {
      boost::system::error_code error;
      const auto root = bone.to_number<std::uint32_t>(error);
      const bool is_there = !error && root < node_place_.size();
      damaged_ += !is_there;
      ++seen_;
      if (is_full()) return;
      if (is_there) read_old_joints(joint, node_place_[root]);
    }
  }
}

}  // namespace

void read_springs(const Document& document, std::span<const std::size_t> node_place,
                  Avatar& avatar) {
  SpringReader reader(node_place, avatar);
  reader.read(gltf::extension(document.root(), "VRMC_springBone"));
  reader.read_old(
      gltf::object_member(gltf::extension(document.root(), "VRM"), "secondaryAnimation"));
  reader.note();
}

}  // namespace vivavox
