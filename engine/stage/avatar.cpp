#include "engine/stage/avatar.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>
#include <unordered_map>

#include "engine/stage/gltf.h"
#include "engine/stage/normals.h"

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

constexpr std::array known_extensions{"KHR_mesh_quantization", "KHR_materials_unlit",
                                      "KHR_texture_transform", "KHR_materials_specular",
                                      "KHR_materials_ior",     "KHR_materials_emissive_strength"};

void check_extensions(const Document& document) {
  for (const json::value& value : gltf::array_member(document.root(), "extensionsRequired")) {
    const std::string name = value.is_string() ? std::string(value.get_string()) : "?";
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
    const float3 safe = max(out.scale, float3(1e-12F));
    out.rotation = mat3f(axes[0] / safe.x, axes[1] / safe.y, axes[2] / safe.z).toQuaternion();
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

// --- materials and textures ----------------------------------------------------

std::string lowercase(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

Surface surface_named(std::string_view material_name) {
  struct Rule {
    std::string_view word;
    Surface surface;
  };
  // The first word found decides: "eyelash" before "eye", "eyebrow" before both.
  static constexpr std::array rules{
      Rule{"brow", Surface::brow},     Rule{"lash", Surface::lash},
      Rule{"teeth", Surface::teeth},   Rule{"tooth", Surface::teeth},
      Rule{"tongue", Surface::tongue}, Rule{"mouth", Surface::mouth},
      Rule{"gum", Surface::mouth},     Rule{"hair", Surface::hair},
      Rule{"beard", Surface::hair},    Rule{"eye", Surface::eye},
      Rule{"skin", Surface::skin},     Rule{"face", Surface::skin},
      Rule{"head", Surface::skin},     Rule{"body", Surface::skin},
      Rule{"cloth", Surface::cloth},   Rule{"outfit", Surface::cloth},
      Rule{"shirt", Surface::cloth},   Rule{"tops", Surface::cloth},
  };
  const std::string name = lowercase(material_name);
  for (const Rule& rule : rules) {
    if (name.contains(rule.word)) return rule.surface;
  }
  return Surface::plain;
}

/// The images that materials use, each once.
class Textures {
 public:
  explicit Textures(const Document& document) : document_(document) {}

  std::optional<std::size_t> read(const json::object& owner, std::string_view name) {
    if (!owner.contains(name)) return std::nullopt;
    const auto texture = gltf::index_member(gltf::object_member(owner, name), "index");
    if (!texture) return std::nullopt;
    const json::object& object = document_.element("textures", *texture);
    const auto source = gltf::index_member(object, "source");
    if (!source) {
      throw Fault{"a texture of the avatar is in no known format: use PNG or JPEG",
                  ErrorCode::invalid_image};
    }
    const auto [known, added] = place_.try_emplace(*source, sources_.size());
    if (added) sources_.push_back(source_of(document_.element("images", *source)));
    return known->second;
  }

  /// Decodes one after another, so that no more than one is there in its full size.
  void decode(std::size_t most_pixels, Avatar& avatar) {
    if (pixels() > max_texture_pixels) {
      throw Fault{"the avatar's textures have more than 64 million pixels: scale them down"};
    }
    shrink_to(most_pixels);
    for (const Source& source : sources_) {
      avatar.textures.push_back(value_of(decode_image(source.file, source.halvings)));
    }
    const auto shrunk =
        std::ranges::count_if(sources_, [](const Source& one) { return one.halvings > 0; });
    if (shrunk == 0) return;
    avatar.notes.push_back(std::to_string(shrunk) + " of " + std::to_string(sources_.size()) +
                           " textures are shown smaller than they are, because together they have "
                           "more than " +
                           std::to_string(most_pixels) + " pixels");
  }

 private:
  struct Source {
    std::span<const std::byte> file;
    ImageSize size;  ///< after so many halvings
    int halvings = 0;
  };

  template <class T>
  static T value_of(Result<T> read) {
    if (!read)
      throw Fault{"a texture of the avatar: " + read.error().message, ErrorCode::invalid_image};
    return *std::move(read);
  }

  Source source_of(const json::object& object) const {
    const auto view = gltf::index_member(object, "bufferView");
    if (!view)
      throw Fault{"a texture of the avatar is in another file: export it as one .glb file"};
    const std::span<const std::byte> file = document_.buffer_view(*view);
    return {file, value_of(image_size(file))};
  }

  std::size_t pixels() const {
    std::size_t sum = 0;
    for (const Source& source : sources_) sum += source.size.pixels();
    return sum;
  }

  void shrink_to(std::size_t most_pixels) {
    while (pixels() > most_pixels) {
      Source& largest = *std::ranges::max_element(
          sources_, {}, [](const Source& one) { return one.size.pixels(); });
      if (largest.size.pixels() == 1) return;
      largest.size = largest.size.half();
      ++largest.halvings;
    }
  }

  const Document& document_;
  std::map<std::size_t, std::size_t> place_;
  std::vector<Source> sources_;
};

AvatarMaterial read_material(const json::object& object, Textures& textures) {
  const json::object& pbr = gltf::object_member(object, "pbrMetallicRoughness");
  const auto color = gltf::numbers_member<4>(pbr, "baseColorFactor", {1, 1, 1, 1});
  const std::string alpha = gltf::string_member(object, "alphaMode");
  AvatarMaterial material{
      .name = gltf::string_member(object, "name"),
      .base_color = {color[0], color[1], color[2], color[3]},
      .metallic = gltf::number_member(pbr, "metallicFactor", 1),
      .roughness = gltf::number_member(pbr, "roughnessFactor", 1),
      .normal_scale = gltf::number_member(gltf::object_member(object, "normalTexture"), "scale", 1),
      .base_color_texture = textures.read(pbr, "baseColorTexture"),
      .metallic_roughness_texture = textures.read(pbr, "metallicRoughnessTexture"),
      .normal_texture = textures.read(object, "normalTexture"),
      .alpha_mode = alpha == "BLEND"  ? AlphaMode::blend
                    : alpha == "MASK" ? AlphaMode::mask
                                      : AlphaMode::opaque,
      .alpha_cutoff = gltf::number_member(object, "alphaCutoff", 0.5F),
      .double_sided = gltf::bool_member(object, "doubleSided", false)};
  material.surface = surface_named(material.name);
  return material;
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
                             std::size_t vertex_count) {
  const auto accessor = gltf::index_member(attributes, "TEXCOORD_0");
  if (!accessor) return std::vector<float2>(vertex_count);
  const auto elements = document.floats(*accessor, 2);
  std::vector<float2> uvs(elements.count);
  for (std::size_t i = 0; i < uvs.size(); ++i) uvs[i] = {elements[i][0], elements[i][1]};
  return uvs;
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
    MorphTarget target{.target = target_of[i], .vertices = {}, .positions = {}, .normals = {}};
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

void attach_to_node(AvatarPart& part, std::size_t node) {
  part.bones = {{.node = node, .inverse_bind = mat4f()}};
  part.joints.resize(part.positions.size());
  part.weights.assign(part.positions.size(), float4(1, 0, 0, 0));
}

/// Reads every mesh that a node shows.
class Parts {
 public:
  Parts(const Document& document, const NodeTree& tree, Avatar& avatar)
      : document_(document), tree_(tree), avatar_(avatar) {}

  void read_all() {
    for (std::size_t node = 0; node < tree_.place.size(); ++node) {
      const json::object& object = document_.element("nodes", node);
      if (const auto mesh = gltf::index_member(object, "mesh")) {
        read_mesh(document_.element("meshes", *mesh), tree_.place[node],
                  gltf::index_member(object, "skin"));
      }
    }
    if (avatar_.parts.empty()) throw Fault{"the avatar holds no triangles: export its meshes too"};
  }

 private:
  void read_mesh(const json::object& mesh, std::size_t node, std::optional<std::size_t> skin) {
    for (const json::value& value : gltf::array_member(mesh, "primitives")) {
      if (!value.is_object()) throw Fault{"a mesh of the avatar is damaged: export it again"};
      constexpr std::size_t triangles = 4;
      const json::object& primitive = value.get_object();
      if (gltf::index_member(primitive, "mode").value_or(triangles) != triangles) continue;
      if (avatar_.parts.size() == max_parts)
        throw Fault{"the avatar has more than 1,000 meshes: join some"};
      AvatarPart part = read_primitive(primitive, target_indices(mesh, primitive));
      part.name = avatar_.nodes[node].name;
      attach(part, primitive, node, skin);
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
    part.uvs = read_uvs(document_, attributes, part.positions.size());
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
        (!part.tangents.empty() && part.tangents.size() != part.positions.size())) {
      throw Fault{"the vertex attributes of a mesh differ in number: export the avatar again"};
    }
    for (float3& n : part.normals) n = length(n) > 1e-6F ? normalize(n) : float3(0, 0, 1);
    part.targets = read_targets(document_, primitive, part.positions.size(), extent(part.positions),
                                target_of);
    if (const auto material = gltf::index_member(primitive, "material")) {
      if (*material >= avatar_.materials.size())
        throw Fault{"a mesh of the avatar has no such material: export it again"};
      part.material = *material;
    } else {
      part.material = plain_material();
    }
    return part;
  }

  void attach(AvatarPart& part, const json::object& primitive, std::size_t node,
              std::optional<std::size_t> skin) {
    const json::object& attributes = gltf::object_member(primitive, "attributes");
    const auto joints = gltf::index_member(attributes, "JOINTS_0");
    const auto weights = gltf::index_member(attributes, "WEIGHTS_0");
    if (!skin || !joints || !weights) return attach_to_node(part, node);
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

Result<Avatar> read_avatar(std::span<const std::byte> file, std::size_t most_texture_pixels) try {
  const Document document(file);
  check_extensions(document);
  Avatar avatar;
  const NodeTree tree = read_nodes(document);
  avatar.nodes = tree.nodes;
  Textures textures(document);
  for (std::size_t i = 0; i < document.count("materials"); ++i) {
    avatar.materials.push_back(read_material(document.element("materials", i), textures));
  }
  textures.decode(most_texture_pixels, avatar);
  Parts(document, tree, avatar).read_all();
  return avatar;
} catch (const Fault& fault) {
  return fail(fault.code, fault.message);
}

mat4f local_transform(const AvatarNode& node) {
  return mat4f::translation(node.translation) * mat4f(node.rotation) * mat4f::scaling(node.scale);
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
