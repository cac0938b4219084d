#include "engine/stage/animated_glb.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "engine/face/curves.h"
#include "engine/stage/gltf.h"
#include "engine/stage/growing_glb.h"
#include "engine/stage/mesh_targets.h"
#include "engine/stage/rig.h"

namespace vivavox {

namespace json = boost::json;

namespace {

using gltf::array_of;
using gltf::GrowingGlb;

constexpr std::uint32_t float_component = 5126;

/// Adds an accessor of floats; returns its index.
std::size_t add_floats(GrowingGlb& file, std::span<const float> values, std::size_t components,
                       std::string_view type) {
  const std::size_t view = file.add(std::as_bytes(values));
  json::array& accessors = array_of(file.root(), "accessors");
  accessors.push_back(json::object{{"bufferView", view},
                                   {"componentType", float_component},
                                   {"count", values.size() / components},
                                   {"type", type}});
  return accessors.size() - 1;
}

/// A node whose mesh has morph targets.
struct MorphedNode {
  std::size_t file_index;
  std::vector<std::optional<std::size_t>> targets;  ///< of the mesh, in Avatar::target_names
  bool is_turned_by_eyes;
};

std::vector<MorphedNode> morphed_nodes(const gltf::Document& document, const Avatar& avatar,
                                       const Rig& rig) {
  MeshTargets of_meshes(document, avatar);
  std::vector<MorphedNode> nodes;
  for (const AvatarNode& node : avatar.nodes) {
    const auto mesh = gltf::index_member(document.element("nodes", node.file_index), "mesh");
    if (!mesh) continue;
    const auto targets = of_meshes.of(*mesh);
    if (targets.empty()) continue;
    const bool is_turned = std::ranges::any_of(avatar.parts, [&](const AvatarPart& part) {
      return part.name == node.name && rig.is_turned_by_eyes(avatar, part);
    });
    nodes.push_back({node.file_index, {targets.begin(), targets.end()}, is_turned});
  }
  return nodes;
}

/// Every frame of a performance, channel by channel.
struct Frames {
  std::vector<float> times_s;
  std::vector<std::vector<float>> weights;                 ///< of each morphed node
  std::map<std::size_t, std::vector<float>> rotations;     ///< of each joint: x, y, z, w
  std::map<std::size_t, std::vector<float>> translations;  ///< of those that move: x, y, z
};

Frames sampled(const Performance& performance, int fps, int count, const Avatar& avatar,
               const Rig& rig, std::span<const MorphedNode> nodes) {
  const std::vector<Transform> rest = rest_places(avatar);
  Frames frames;
  frames.weights.resize(nodes.size());
  for (int frame = 0; frame < count; ++frame) {
    const double t_s = static_cast<double>(frame) / fps;
    const FacePose pose = performance.pose(t_s);
    frames.times_s.push_back(static_cast<float>(t_s));
    const std::vector<float> weights = rig.target_weights(pose.weights, pose.tongue);
    std::vector<float> without_gaze = weights;
    rig.drop_gaze(without_gaze);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const auto& of_node = nodes[i].is_turned_by_eyes ? without_gaze : weights;
      for (const auto target : nodes[i].targets)
        frames.weights[i].push_back(target ? of_node[*target] : 0);
    }
    for (const auto& [node, place] : rig.moved_joints(pose, rest)) {
      const quatf& turn = place.rotation;
      auto& values = frames.rotations[node];
      values.insert(values.end(), {turn.x, turn.y, turn.z, turn.w});
      if (!rig.is_lid(node)) continue;
      auto& ways = frames.translations[node];
      ways.insert(ways.end(), {place.translation.x, place.translation.y, place.translation.z});
    }
  }
  return frames;
}

/// An animated node may not have a matrix.
void give_transform(json::object& node, const AvatarNode& from) {
  if (node.erase("matrix") == 0) return;
  const auto& [x, y, z] = from.translation.v;
  node["translation"] = {x, y, z};
  node["rotation"] = {from.rotation.x, from.rotation.y, from.rotation.z, from.rotation.w};
  node["scale"] = {from.scale.x, from.scale.y, from.scale.z};
}

std::vector<std::byte> with_animation(GrowingGlb file, const Avatar& avatar, const Frames& frames,
                                      std::span<const MorphedNode> nodes) {
  const std::size_t input = add_floats(file, frames.times_s, 1, "SCALAR");
  json::object& times = array_of(file.root(), "accessors")[input].as_object();
  times["min"] = json::array{frames.times_s.front()};
  times["max"] = json::array{frames.times_s.back()};
  json::array samplers, channels;
  const auto add_channel = [&](std::size_t node, std::string_view path, std::size_t output) {
    channels.push_back(json::object{{"sampler", samplers.size()},
                                    {"target", json::object{{"node", node}, {"path", path}}}});
    samplers.push_back(
        json::object{{"input", input}, {"output", output}, {"interpolation", "LINEAR"}});
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    add_channel(nodes[i].file_index, "weights", add_floats(file, frames.weights[i], 1, "SCALAR"));
  }
  for (const auto& [node, rotations] : frames.rotations) {
    const std::size_t index = avatar.nodes[node].file_index;
    give_transform(array_of(file.root(), "nodes")[index].as_object(), avatar.nodes[node]);
    add_channel(index, "rotation", add_floats(file, rotations, 4, "VEC4"));
  }
  for (const auto& [node, ways] : frames.translations)
    add_channel(avatar.nodes[node].file_index, "translation", add_floats(file, ways, 3, "VEC3"));
  array_of(file.root(), "animations")
      .push_back(json::object{{"name", "speech"},
                              {"samplers", std::move(samplers)},
                              {"channels", std::move(channels)}});
  return file.bytes();
}

}  // namespace

Result<std::vector<std::byte>> animated_glb(std::span<const std::byte> file, const Avatar& avatar,
                                            const Performance& performance, int fps) {
  const auto count = curve_frames(performance, fps);
  if (!count) return std::unexpected(count.error());
  try {
    const gltf::Document document(file);
    const Rig rig(avatar);
    const auto nodes = morphed_nodes(document, avatar, rig);
    const Frames frames = sampled(performance, fps, *count, avatar, rig, nodes);
    if (nodes.empty() && frames.rotations.empty()) {
      return fail(ErrorCode::invalid_avatar,
                  "the avatar has neither morph targets nor joints of a face to be animated");
    }
    return with_animation(GrowingGlb(document.root(), document.binary()), avatar, frames, nodes);
  } catch (const gltf::Fault& fault) {
    return fail(fault.code, fault.message);
  }
}

}  // namespace vivavox
