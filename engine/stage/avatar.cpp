#include "engine/stage/avatar.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "engine/stage/avatar_materials.h"
#include "engine/stage/clips.h"
#include "engine/stage/gltf.h"
#include "engine/stage/node_constraints.h"
#include "engine/stage/normals.h"
#include "engine/stage/stance.h"
#include "engine/stage/target_names.h"
#include "engine/stage/traits.h"
#include "engine/stage/vrm.h"
#include "engine/stage/vrm_springs.h"

namespace vivavox {

namespace {

using gltf::Document;
using gltf::Fault;
namespace json = boost::json;

constexpr std::size_t max_nodes = 10'000;
constexpr std::size_t max_parts = 1'000;
constexpr std::size_t max_vertices = 1'000'000;
constexpr std::size_t max_indices = 6'000'000;
// Displacements below this part of the model's size are exporters' noise.
constexpr float negligible_displacement = 1e-6F;

constexpr std::array known_extensions{
    "KHR_mesh_quantization",   "KHR_materials_unlit", "KHR_texture_transform",
    "KHR_materials_specular",  "KHR_materials_ior",   "KHR_materials_emissive_strength",
    "KHR_materials_clearcoat", "KHR_materials_sheen", "KHR_materials_transmission",
    "EXT_texture_webp",        "EXT_texture_avif"};

void check_extensions(const Document& document) {
  for (const json::value& value : gltf::array_member(document.root(), "extensionsRequired")) {
    constexpr std::size_t longest = 100;
    const bool is_name = value.is_string() && value.get_string().size() <= longest;
    const std::string name = is_name ? std::string(value.get_string()) : "?";
    if (name == "KHR_texture_basisu") {
      throw Fault{
          "the avatar's textures are KTX2 (KHR_texture_basisu), which is not supported: "
          "convert the file by gltf-transform ktxdecompress"};
    }
    if (std::ranges::find(known_extensions, name) == known_extensions.end()) {
      throw Fault{"the avatar needs the glTF extension " + name +
                  ", which is not supported: export it without compression"};
    }
  }
}

// --- nodes -------------------------------------------------------------------

AvatarNode read_transform(const json::object& node) {
  AvatarNode out{.name = gltf::string_member(node, "name")};
  const auto translation = gltf::numbers_member<3>(node, "translation", {0, 0, 0});
  const auto rotation = gltf::numbers_member<4>(node, "rotation", {0, 0, 0, 1});
  const auto scale = gltf::numbers_member<3>(node, "scale", {1, 1, 1});
  out.translation = {translation[0], translation[1], translation[2]};
  out.rotation = quatf(rotation[3], rotation[0], rotation[1], rotation[2]);
  out.scale = {scale[0], scale[1], scale[2]};
  if (node.contains("matrix")) {
    const auto m = gltf::numbers_member<16>(node, "matrix", {});
    const mat3f axes(float3(m[0], m[1], m[2]), float3(m[4], m[5], m[6]), float3(m[8], m[9], m[10]));
    out.translation = {m[12], m[13], m[14]};
    out.scale = {length(axes[0]), length(axes[1]), length(axes[2])};
    // No rotation mirrors; which axis does so is the same.
    if (dot(cross(axes[0], axes[1]), axes[2]) < 0) out.scale.x = -out.scale.x;
    const auto unit = [&](std::size_t i) {
      return std::abs(out.scale[i]) > 1e-12F ? axes[i] / out.scale[i] : float3(0.0F);
    };
    out.rotation = mat3f(unit(0), unit(1), unit(2)).toQuaternion();
  }
  const float size = length(out.rotation);
  out.rotation = size > 1e-6F ? out.rotation / size : quatf(1, 0, 0, 0);
  return out;
}

/// The node tree with parents first, and each file index's place in it.
struct NodeTree {
  std::vector<AvatarNode> nodes;
  std::vector<std::size_t> place;
};

NodeTree read_nodes(const Document& document) {
  const std::size_t count = document.count("nodes");
  if (count > max_nodes) throw Fault{"the avatar has more than 10,000 nodes: simplify the model"};
  std::vector<std::vector<std::size_t>> children(count);
  std::vector<std::optional<std::size_t>> parent(count);
  for (std::size_t i = 0; i < count; ++i) {
    children[i] = gltf::indices_member(document.element("nodes", i), "children", count);
    for (const std::size_t child : children[i]) {
      if (parent[child]) throw Fault{"a node of the avatar has two parents: export it again"};
      parent[child] = i;
    }
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i) {
    if (!parent[i]) order.push_back(i);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    order.insert(order.end(), children[order[i]].begin(), children[order[i]].end());
  }
  if (order.size() != count) throw Fault{"the avatar's nodes form a loop: export it again"};
  NodeTree tree{.nodes = {}, .place = std::vector<std::size_t>(count)};
  for (std::size_t i = 0; i < count; ++i) tree.place[order[i]] = i;
  for (const std::size_t index : order) {
    AvatarNode& node = tree.nodes.emplace_back(read_transform(document.element("nodes", index)));
    node.file_index = index;
    if (const auto above = parent[index]) node.parent = tree.place[*above];
  }
  return tree;
}

/// Which of the tree's nodes the file's scene has; all where it has no scenes.
std::vector<bool> shown_nodes(const Document& document, const NodeTree& tree) {
  if (document.count("scenes") == 0) return std::vector<bool>(tree.nodes.size(), true);
  const std::size_t scene = gltf::index_member(document.root(), "scene").value_or(0);
  std::vector<bool> shown(tree.nodes.size(), false);
  for (const std::size_t root :
       gltf::indices_member(document.element("scenes", scene), "nodes", tree.nodes.size())) {
    shown[tree.place[root]] = true;
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (const auto parent = tree.nodes[i].parent; parent && shown[*parent]) shown[i] = true;
  }
  return shown;
}

/// Half a turn about the vertical.
void turn_round(NodeTree& tree) {
  const quatf half_turn(0, 0, 1, 0);
  for (AvatarNode& node : tree.nodes) {
    if (node.parent) continue;
    node.translation = {-node.translation.x, node.translation.y, -node.translation.z};
    node.rotation = half_turn * node.rotation;
  }
}

// --- parts -----------------------------------------------------------------------

std::vector<float3> vectors(const gltf::Elements& elements) {
  std::vector<float3> out(elements.count);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto row = elements[i];
    out[i] = {row[0], row[1], row[2]};
  }
  return out;
}

std::vector<std::uint32_t> read_indices(const Document& document, const json::object& primitive,
                                        std::size_t vertex_count) {
  std::vector<std::uint32_t> indices;
  if (const auto accessor = gltf::index_member(primitive, "indices")) {
    indices = document.integers(*accessor, 1);
  } else {
    indices.resize(vertex_count);
    std::iota(indices.begin(), indices.end(), 0U);
  }
  indices.resize(indices.size() / 3 * 3);
  for (const std::uint32_t index : indices) {
    if (index >= vertex_count)
      throw Fault{"a triangle of the avatar uses a vertex that does not exist: export it again"};
  }
  return indices;
}

std::vector<float2> read_uvs(const Document& document, const json::object& attributes,
                             std::size_t vertex_count, const UvMap& map) {
  const auto accessor = gltf::index_member(attributes, "TEXCOORD_" + std::to_string(map.set));
  if (!accessor) return std::vector<float2>(vertex_count);
  const auto elements = document.floats(*accessor, 2);
  std::vector<float2> uvs(elements.count);
  for (std::size_t i = 0; i < uvs.size(); ++i) uvs[i] = map({elements[i][0], elements[i][1]});
  return uvs;
}

std::vector<std::array<std::uint8_t, 4>> read_colors(const Document& document,
                                                     const json::object& attributes) {
  const auto accessor = gltf::index_member(attributes, "COLOR_0");
  if (!accessor) return {};
  const std::size_t components = document.component_count(*accessor);
  const auto elements = document.floats(*accessor, components == 3 ? 3 : 4);
  std::vector<std::array<std::uint8_t, 4>> colors(elements.count, {255, 255, 255, 255});
  for (std::size_t i = 0; i < colors.size(); ++i) {
    for (std::size_t k = 0; k < elements.components; ++k) {
      const float level = std::clamp(elements[i][k], 0.0F, 1.0F);
      colors[i][k] = static_cast<std::uint8_t>(std::lround(255 * level));
    }
  }
  return colors;
}

std::vector<MorphTarget> read_targets(const Document& document, const json::object& primitive,
                                      std::size_t vertex_count, float size,
                                      std::span<const std::size_t> target_of) {
  std::vector<MorphTarget> targets;
  const json::array& list = gltf::array_member(primitive, "targets");
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].is_object())
      throw Fault{"a morph target of the avatar is no object: export it again"};
    const json::object& object = list[i].get_object();
    MorphTarget target{
        .target = target_of[i], .place = i, .vertices = {}, .positions = {}, .normals = {}};
    const auto positions = gltf::index_member(object, "POSITION");
    if (!positions) continue;
    const auto check_count = [&](std::size_t accessor) {
      if (document.element_count(accessor) != vertex_count) {
        throw Fault{
            "a morph target of the avatar has another number of vertices than its mesh: export it "
            "again"};
      }
    };
    check_count(*positions);
    const auto moved = document.sparse_floats(*positions, 3);
    for (std::size_t row = 0; row < moved.elements.count; ++row) {
      const auto v = moved.elements[row];
      const float3 displacement(v[0], v[1], v[2]);
      if (length(displacement) <= size * negligible_displacement) continue;
      target.vertices.push_back(moved.indices[row]);
      target.positions.push_back(displacement);
    }
    if (const auto normals = gltf::index_member(object, "NORMAL")) {
      check_count(*normals);
      const auto turned = document.floats(*normals, 3);
      for (const std::uint32_t vertex : target.vertices) {
        target.normals.emplace_back(turned[vertex][0], turned[vertex][1], turned[vertex][2]);
      }
    }
    if (!target.vertices.empty()) targets.push_back(std::move(target));
  }
  return targets;
}

struct Skin {
  std::vector<Bone> bones;
};

Skin read_skin(const Document& document, const json::object& object, const NodeTree& tree) {
  Skin skin;
  for (const std::size_t joint : gltf::indices_member(object, "joints", tree.place.size())) {
    skin.bones.push_back({.node = tree.place[joint], .inverse_bind = mat4f()});
  }
  if (const auto accessor = gltf::index_member(object, "inverseBindMatrices")) {
    const auto matrices = document.floats(*accessor, 16);
    if (matrices.count < skin.bones.size())
      throw Fault{"a skin of the avatar has too few bind matrices: export it again"};
    for (std::size_t i = 0; i < skin.bones.size(); ++i) {
      for (std::size_t k = 0; k < 16; ++k)
        skin.bones[i].inverse_bind[k / 4][k % 4] = matrices[i][k];
    }
  }
  return skin;
}

/// Gives the part those bones of the skin that its vertices use.
void attach_to_skin(AvatarPart& part, const Skin& skin, std::span<const std::uint32_t> joints,
                    const gltf::Elements& weights) {
  std::map<std::uint32_t, std::uint8_t> place;
  for (std::size_t i = 0; i < part.positions.size(); ++i) {
    float4 weight(weights[i][0], weights[i][1], weights[i][2], weights[i][3]);
    weight = max(weight, float4(0.0F));
    const float sum = weight.x + weight.y + weight.z + weight.w;
    weight = sum > 1e-6F ? weight / sum : float4(1, 0, 0, 0);
    std::array<std::uint8_t, 4> local{};
    for (std::size_t k = 0; k < 4; ++k) {
      const std::uint32_t joint = joints[i * 4 + k];
      if (weight[k] == 0) continue;
      if (joint >= skin.bones.size())
        throw Fault{"a vertex of the avatar uses a joint that does not exist: export it again"};
      const auto found = place.find(joint);
      if (found == place.end() && place.size() == max_bones) {
        throw Fault{
            "a mesh of the avatar hangs on more than 256 joints: split it or simplify its "
            "skeleton"};
      }
      if (found == place.end()) {
        place.emplace(joint, static_cast<std::uint8_t>(part.bones.size()));
        part.bones.push_back(skin.bones[joint]);
      }
      local[k] = place[joint];
    }
    part.joints.push_back(local);
    part.weights.push_back(weight);
  }
}

/// Whether it shows what hangs on it mirrored.
bool is_mirrored(const mat4f& transform) {
  return dot(cross(transform[0].xyz, transform[1].xyz), transform[2].xyz) < 0;
}

/// Turns each triangle's other side to the front.
void turn_over(std::vector<std::uint32_t>& indices) {
  for (std::size_t i = 0; i + 2 < indices.size(); i += 3) std::swap(indices[i + 1], indices[i + 2]);
}

void attach_to_node(AvatarPart& part, std::size_t node) {
  part.bones = {{.node = node, .inverse_bind = mat4f()}};
  part.joints.resize(part.positions.size());
  part.weights.assign(part.positions.size(), float4(1, 0, 0, 0));
}

/// Reads every mesh that a node shows.
class Parts {
 public:
  Parts(const Document& document, const NodeTree& tree, Avatar& avatar)
      : document_(document), tree_(tree), avatar_(avatar), rest_(rest_transforms(avatar)) {}

  void read_all() {
    const std::vector<bool> is_shown = shown_nodes(document_, tree_);
    for (std::size_t node = 0; node < tree_.place.size(); ++node) {
      const json::object& object = document_.element("nodes", node);
      if (!is_shown[tree_.place[node]]) continue;
      if (const auto mesh = gltf::index_member(object, "mesh")) {
        read_mesh(document_.element("meshes", *mesh), object, tree_.place[node]);
      }
    }
    if (avatar_.parts.empty()) throw Fault{"the avatar holds no triangles: export its meshes too"};
  }

 private:
  void read_mesh(const json::object& mesh, const json::object& shown_by, std::size_t node) {
    const json::array& own_weights = gltf::array_member(shown_by, "weights");
    const json::array& weights =
        own_weights.empty() ? gltf::array_member(mesh, "weights") : own_weights;
    for (const json::value& value : gltf::array_member(mesh, "primitives")) {
      if (!value.is_object()) throw Fault{"a mesh of the avatar is damaged: export it again"};
      constexpr std::size_t triangles = 4;
      const json::object& primitive = value.get_object();
      if (gltf::index_member(primitive, "mode").value_or(triangles) != triangles) continue;
      if (avatar_.parts.size() == max_parts)
        throw Fault{"the avatar has more than 1,000 meshes: join some"};
      AvatarPart part = read_primitive(primitive, target_indices(mesh, primitive));
      part.name = avatar_.nodes[node].name;
      part.node = node;
      take_shape(part, weights);
      attach(part, primitive, node, gltf::index_member(shown_by, "skin"));
      if (!part.indices.empty()) avatar_.parts.push_back(std::move(part));
    }
  }

  AvatarPart read_primitive(const json::object& primitive, std::span<const std::size_t> target_of) {
    const json::object& attributes = gltf::object_member(primitive, "attributes");
    const auto position = gltf::index_member(attributes, "POSITION");
    if (!position) throw Fault{"a mesh of the avatar has no positions: export it again"};
    vertices_ += document_.element_count(*position);
    if (vertices_ > max_vertices)
      throw Fault{"the avatar has more than a million vertices: simplify the model"};
    AvatarPart part;
    part.positions = vectors(document_.floats(*position, 3));
    part.indices = read_indices(document_, primitive, part.positions.size());
    indices_ += part.indices.size();
    if (indices_ > max_indices)
      throw Fault{"the avatar has more than two million triangles: simplify the model"};
    part.material = material_of(primitive);
    part.uvs =
        read_uvs(document_, attributes, part.positions.size(), avatar_.materials[part.material].uv);
    part.colors = read_colors(document_, attributes);
    if (const auto normal = gltf::index_member(attributes, "NORMAL")) {
      part.normals = vectors(document_.floats(*normal, 3));
    } else {
      part.normals = smooth_normals(part.positions, part.indices);
    }
    if (const auto tangent = gltf::index_member(attributes, "TANGENT")) {
      const auto elements = document_.floats(*tangent, 4);
      for (std::size_t i = 0; i < elements.count; ++i) {
        const auto row = elements[i];
        part.tangents.emplace_back(row[0], row[1], row[2], row[3]);
      }
    }
    if (part.normals.size() != part.positions.size() || part.uvs.size() != part.positions.size() ||
        (!part.colors.empty() && part.colors.size() != part.positions.size()) ||
        (!part.tangents.empty() && part.tangents.size() != part.positions.size())) {
      throw Fault{"the vertex attributes of a mesh differ in number: export the avatar again"};
    }
    for (float3& n : part.normals) n = length(n) > 1e-6F ? normalize(n) : float3(0, 0, 1);
    part.targets = read_targets(document_, primitive, part.positions.size(), extent(part.positions),
                                target_of);
    return part;
  }

  /// The shape that the file's own weights give a part for good. What an expression moves is no
  /// shape: poses say where it is.
  void take_shape(AvatarPart& part, const json::array& weights) const {
    constexpr float most = 4;
    for (const MorphTarget& target : part.targets) {
      const bool has_weight = target.place < weights.size() && weights[target.place].is_number();
      if (!has_weight || is_expression(avatar_.target_names[target.target])) continue;
      const float weight = std::clamp(weights[target.place].to_number<float>(), -most, most);
      for (std::size_t i = 0; i < target.vertices.size(); ++i) {
        const std::uint32_t vertex = target.vertices[i];
        part.positions[vertex] += weight * target.positions[i];
        if (target.normals.empty()) continue;
        const float3 turned = part.normals[vertex] + weight * target.normals[i];
        if (length(turned) > 1e-6F) part.normals[vertex] = normalize(turned);
      }
    }
  }

  void attach(AvatarPart& part, const json::object& primitive, std::size_t node,
              std::optional<std::size_t> skin) {
    const json::object& attributes = gltf::object_member(primitive, "attributes");
    const auto joints = gltf::index_member(attributes, "JOINTS_0");
    const auto weights = gltf::index_member(attributes, "WEIGHTS_0");
    if (!skin || !joints || !weights) {
      if (is_mirrored(rest_[node])) turn_over(part.indices);
      return attach_to_node(part, node);
    }
    const auto joint_values = document_.integers(*joints, 4);
    const auto weight_values = document_.floats(*weights, 4);
    if (joint_values.size() != part.positions.size() * 4 ||
        weight_values.count != part.positions.size()) {
      throw Fault{"the vertex attributes of a mesh differ in number: export the avatar again"};
    }
    const auto [known, added] = skins_.try_emplace(*skin);
    if (added) known->second = read_skin(document_, document_.element("skins", *skin), tree_);
    attach_to_skin(part, known->second, joint_values, weight_values);
  }

  /// The indices, in the avatar's list of names, of the primitive's targets.
  std::vector<std::size_t> target_indices(const json::object& mesh, const json::object& primitive) {
    std::vector<std::size_t> indices;
    for (const std::string& name : gltf::target_names(mesh, primitive)) {
      const auto [known, added] = target_index_.try_emplace(name, avatar_.target_names.size());
      if (added) avatar_.target_names.push_back(name);
      indices.push_back(known->second);
    }
    return indices;
  }

  std::size_t material_of(const json::object& primitive) {
    const auto material = gltf::index_member(primitive, "material");
    if (!material) return plain_material();
    if (*material >= avatar_.materials.size())
      throw Fault{"a mesh of the avatar has no such material: export it again"};
    return *material;
  }

  std::size_t plain_material() {
    if (!plain_material_) {
      plain_material_ = avatar_.materials.size();
      avatar_.materials.push_back({.name = "", .metallic = 0});
    }
    return *plain_material_;
  }

  static float extent(std::span<const float3> positions) {
    float3 low(0.0F);
    float3 high(0.0F);
    for (const float3& p : positions) {
      low = min(low, p);
      high = max(high, p);
    }
    return length(high - low);
  }

  const Document& document_;
  const NodeTree& tree_;
  Avatar& avatar_;
  std::vector<mat4f> rest_;
  std::map<std::size_t, Skin> skins_;
  std::unordered_map<std::string, std::size_t> target_index_;
  std::optional<std::size_t> plain_material_;
  std::size_t vertices_ = 0;
  std::size_t indices_ = 0;
};

}  // namespace

std::string_view name(Surface surface) {
  static constexpr std::array<std::string_view, 10> names{
      "skin", "eye", "lash", "brow", "hair", "teeth", "tongue", "mouth", "cloth", "plain"};
  return names[static_cast<std::size_t>(surface)];
}

Result<Avatar> read_avatar(std::span<const std::byte> file, const TextureLimits& limits,
                           const ImageReader& images) try {
  const Document document(file);
  check_extensions(document);
  Avatar avatar;
  NodeTree tree = read_nodes(document);
  if (is_vrm0(document)) turn_round(tree);
  avatar.nodes = tree.nodes;
  read_materials(document, limits, images, avatar);
  Parts(document, tree, avatar).read_all();
  read_vrm(document, tree.place, avatar);
  read_node_constraints(document, tree.place, avatar);
  read_springs(document, tree.place, avatar);
  lower_arms(avatar);
  read_clips(document, tree.place, avatar);
  read_traits(document, avatar);
  return avatar;
} catch (const Fault& fault) {
  return fail(fault.code, fault.message);
}

mat4f matrix_of(const Transform& place) {
  return mat4f::translation(place.translation) * mat4f(place.rotation) *
         mat4f::scaling(place.scale);
}

mat4f local_transform(const AvatarNode& node) {
  return matrix_of({node.translation, node.rotation, node.scale});
}

std::vector<Transform> rest_places(const Avatar& avatar) {
  std::vector<Transform> places;
  for (const AvatarNode& node : avatar.nodes)
    places.push_back({node.translation, node.rotation, node.scale});
  return places;
}

std::vector<mat4f> world_transforms(const Avatar& avatar, std::span<const mat4f> local) {
  std::vector<mat4f> world(local.begin(), local.end());
  for (std::size_t i = 0; i < world.size(); ++i) {
    if (const auto parent = avatar.nodes[i].parent) world[i] = world[*parent] * local[i];
  }
  return world;
}

std::vector<mat4f> rest_transforms(const Avatar& avatar) {
  std::vector<mat4f> local;
  for (const AvatarNode& node : avatar.nodes) local.push_back(local_transform(node));
  return world_transforms(avatar, local);
}

}  // namespace vivavox
