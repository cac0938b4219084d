// An avatar: meshes, morph targets, joints, materials and textures, as read
// from a glTF 2.0 binary file.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/face/blend_shapes.h"
#include "engine/media/image.h"
#include "engine/stage/vector_math.h"

namespace vivavox {

/// What a surface is made of, told by its material's name: how the stage
/// shades it.
enum class Surface { skin, eye, lash, brow, hair, teeth, tongue, mouth, cloth, plain };

/// Whether lips and cheeks are around it.
constexpr bool is_in_mouth(Surface surface) {
  return surface == Surface::teeth || surface == Surface::tongue || surface == Surface::mouth;
}

/// "skin", "eye" …
std::string_view name(Surface surface);

enum class AlphaMode { opaque, mask, blend };

/// How a texture goes on beyond its edges.
enum class Wrap { repeat, mirror, clamp };

/// A texture as a material shows it.
struct AvatarTexture {
  std::size_t image = 0;  ///< index into Avatar::textures
  Wrap wrap_u = Wrap::repeat, wrap_v = Wrap::repeat;
  bool is_smooth = true;  ///< between its pixels; false: each is a square

  bool operator==(const AvatarTexture&) const = default;
};

/// Which of a mesh's texture coordinates a material takes, and how it lays them. Source:
/// KHR_texture_transform.
struct UvMap {
  std::size_t set = 0;
  float2 offset{0, 0};
  float rotation_rad = 0;
  float2 scale{1, 1};

  float2 operator()(float2 uv) const;
  bool operator==(const UvMap&) const = default;
};

/// How a drawn surface goes over into its shade: where the cosine of light and normal, plus
/// `shift`, is around 0, over a width of 2 (1 − `toony`). Source: VRMC_materials_mtoon.
struct ToonShade {
  float3 shade{1, 1, 1};  ///< linear; instead of the base colour
  float shift = 0;
  float toony = 0.9F;
};

/// What lies over a material's own surface. Source: KHR_materials_clearcoat, KHR_materials_sheen,
/// KHR_materials_transmission.
struct MaterialLayers {
  float coat = 0;  ///< of lacquer, 0…1
  float coat_roughness = 0;
  float3 sheen{0, 0, 0};  ///< the colour of fibres that stand up, linear
  float sheen_roughness = 0;
  bool is_clear =
      false;  ///< light goes through, as the base colour's alpha says; none of its shine

  bool operator==(const MaterialLayers&) const = default;
};

/// glTF's metallic-roughness material.
struct AvatarMaterial {
  std::string name;
  Surface surface = Surface::plain;
  float4 base_color{1, 1, 1, 1};  ///< linear
  float metallic = 1;
  float roughness = 1;
  float normal_scale = 1;
  /// What it mirrors where it is no metal: at 0°, linear, and (a) of that at 90°.
  float4 mirrored{0.04F, 0.04F, 0.04F, 1};
  MaterialLayers layers;
  float occlusion = 0;       ///< how much of it the texture's red says
  float3 emissive{0, 0, 0};  ///< linear
  bool is_unlit = false;
  std::optional<ToonShade> toon;
  std::optional<AvatarTexture> base_color_texture;  ///< sRGB
  /// Red: occlusion, green: roughness, blue: metallic.
  std::optional<AvatarTexture> metallic_roughness_texture;
  std::optional<AvatarTexture> normal_texture;
  std::optional<AvatarTexture> emissive_texture;  ///< sRGB
  UvMap uv;                                       ///< of all its textures
  AlphaMode alpha_mode = AlphaMode::opaque;
  float alpha_cutoff = 0.5F;
  bool double_sided = false;
};

/// How one morph target moves one part: the vertices it touches alone.
struct MorphTarget {
  std::size_t target = 0;               ///< index into Avatar::target_names
  std::size_t place = 0;                ///< in its mesh's list of targets
  std::vector<std::uint32_t> vertices;  ///< ascending
  std::vector<float3> positions;        ///< one for each of `vertices`
  std::vector<float3> normals;          ///< the same, or empty: the file has none
  bool is_lasting = false;              ///< a trait's, under every pose; no pose moves it
};

/// What carries vertices: a node and, for a skin, the inverse of its bind pose.
struct Bone {
  std::size_t node = 0;
  mat4f inverse_bind;
};

/// Triangles of one material. Every part is skinned: one without a skin hangs
/// on its node as its only bone.
struct AvatarPart {
  std::string name;
  std::size_t node = 0;  ///< that shows it
  std::size_t material = 0;
  std::vector<float3> positions;
  std::vector<float3> normals;
  std::vector<float4> tangents;                     ///< empty: the file has none
  std::vector<float2> uvs;                          ///< as the material lays them
  std::vector<std::array<std::uint8_t, 4>> colors;  ///< linear, or empty: white
  std::vector<std::array<std::uint8_t, 4>> joints;  ///< indices into `bones`
  std::vector<float4> weights;                      ///< sum 1
  std::vector<std::uint32_t> indices;
  std::vector<Bone> bones;  ///< at most max_bones
  std::vector<MorphTarget> targets;
};

/// The most bones that one part may hang on (a limit of the renderer).
inline constexpr std::size_t max_bones = 256;

/// Where a node is in its parent.
struct Transform {
  float3 translation{0, 0, 0};
  quatf rotation{1, 0, 0, 0};
  float3 scale{1, 1, 1};
};

struct AvatarNode {
  std::string name;
  std::size_t file_index = 0;         ///< in the file's list of nodes
  std::optional<std::size_t> parent;  ///< a smaller index: parents come first
  float3 translation{0, 0, 0};
  quatf rotation{1, 0, 0, 0};
  float3 scale{1, 1, 1};
};

/// A part in a mix of morph targets.
struct TargetShare {
  std::size_t target = 0;  ///< index into Avatar::target_names
  float weight = 1;        ///< 0…1
};

/// A named mix of morph targets, as VRM files have them.
struct AvatarExpression {
  std::string name;  ///< VRM's preset ("aa", "blinkLeft", "joy") or the author's own
  std::vector<TargetShare> shares;
  bool is_binary = false;    ///< shown whole or not at all
  bool leaves_mouth = true;  ///< goes together with a mouth that speaks
};

/// A joint that swings. Source: VRMC_springBone.
struct SpringJoint {
  std::size_t node = 0;
  float3 tail{0, 0, 0};  ///< what swings, in the node's coordinates: where the next joint is
  float stiffness = 1;   ///< how strongly it goes back to where it is at rest
  float drag = 0.5F;     ///< 0…1: how much of its speed a step takes
  float radius = 0;      ///< of the tail, where it meets colliders
  float3 gravity{0, 0, 0};
  std::size_t group = 0;              ///< of colliders that it meets
  std::optional<std::size_t> center;  ///< the node whose own motion swings nothing
};

/// A ball, or all balls between two places, which no tail enters.
struct SpringCollider {
  std::size_t node = 0;
  float3 from{0, 0, 0}, to{0, 0, 0};  ///< in the node's coordinates
  float radius = 0;
};

/// A node that turns as another does. Source: VRMC_node_constraint.
struct NodeConstraint {
  enum class Kind {
    roll_about_axis,  ///< about one axis alone
    aim_of_axis,      ///< so that the axis points to it
    rotation,
  };
  Kind kind = Kind::rotation;
  std::size_t node = 0, source = 0;
  float3 axis{1, 0, 0};  ///< of the node's own
  float weight = 1;      ///< 0…1: how far
  /// Both as the modeller has them; what stands otherwise from the start has turned.
  quatf node_rest{1, 0, 0, 0}, source_rest{1, 0, 0, 0};
};

/// What a clip does with one node, or with the targets of its mesh, from key to key. Source:
/// Khronos, glTF 2.0 specification, section 3.11 (animations).
struct ClipChannel {
  enum class Path { translation, rotation, scale, weights };
  enum class Between { steps, lines, splines };
  Path path = Path::rotation;
  Between between = Between::lines;
  std::size_t node = 0;
  /// Of weights: indices into Avatar::target_names; nothing where no part has the target.
  std::vector<std::optional<std::size_t>> targets;
  std::vector<float> times_s;  ///< ascending, at least one
  std::vector<float> values;   ///< of each key; of splines its tangent before, itself, that after
};

/// A movement that goes round and round under the face.
struct AvatarClip {
  std::string name;
  std::vector<ClipChannel> channels;
  float start_s = 0, end_s = 0;  ///< of its first and last key
};

/// A trait and what it is to be, both by name.
struct TraitChoice {
  std::string trait;
  std::string value;

  bool operator==(const TraitChoice&) const = default;
};

struct MaterialColor {
  std::size_t material = 0;
  float3 color{1, 1, 1};  ///< linear
};

/// One of the things that a trait can be.
struct TraitValue {
  std::string name;
  std::vector<std::size_t> nodes;     ///< shown, of those that any value of the trait names
  std::vector<TargetShare> shape;     ///< stays under every pose
  std::vector<MaterialColor> colors;  ///< base colours
};

/// What can be changed about an avatar: its hair, the colour of its skin.
struct Trait {
  std::string name;
  std::vector<TraitValue> values;
  std::string initial;  ///< the value that the file has; empty: none of the values
  /// The materials that take any colour, and what their texture has of it on average.
  std::vector<MaterialColor> any;
};

/// A set of traits that go together.
struct AvatarLook {
  std::string name;
  std::vector<TraitChoice> choices;
};

struct AvatarTraits {
  std::vector<Trait> traits;
  std::vector<AvatarLook> looks;
};

struct Avatar {
  std::vector<AvatarNode> nodes;
  std::vector<AvatarPart> parts;
  std::vector<AvatarMaterial> materials;
  std::vector<Image> textures;
  int longest_texture_side_px = 0;        ///< in the file, however large they are kept
  std::vector<std::string> target_names;  ///< of all parts, each once
  std::vector<AvatarExpression> expressions;
  /// The nodes that are a human's bones, by VRM's names ("head", "leftEye").
  std::map<std::string, std::size_t, std::less<>> humanoid;
  std::vector<NodeConstraint> constraints;  ///< in the order in which they apply
  std::vector<SpringJoint> springs;         ///< each node once
  std::vector<SpringCollider> colliders;
  std::vector<std::vector<std::size_t>> collider_groups;  ///< indices into `colliders`
  std::vector<AvatarClip> clips;
  std::optional<std::size_t> clip;  ///< the one that plays: see read_clips(), choose_clip()
  AvatarTraits traits;
  std::vector<BlendShape> deformed;  ///< whose targets are not the file's but made of its mesh
  /// What is shown otherwise than the file has it, and why; one sentence each.
  std::vector<std::string> notes;
};

/// The most pixels that an avatar's textures may have together.
inline constexpr std::size_t max_texture_pixels = std::size_t{64} << 20;

/// How large textures may be kept; larger ones are halved until they fit.
struct TextureLimits {
  std::size_t most_pixels = max_texture_pixels;  ///< together: the largest are halved first
  int most_side_px = max_image_side_px;          ///< each: what is beyond it nobody would see
};

/// Reads the scene of a glTF 2.0 binary file: triangles with positions, normals, colours, texture
/// coordinates, joints and morph targets (sparse or not), PNG and JPEG textures,
/// KHR_mesh_quantization, KHR_texture_transform, KHR_materials_unlit,
/// KHR_materials_emissive_strength and what material_extensions.h reads; of VRM 0.x and 1.0 the
/// expressions, bones, constraints, springs and toon shades, turned so that it looks along +Z;
/// clips; its traits (traits.h). Arms that are spread are lowered. All data must lie in the file.
/// What is halved because textures have too many pixels together is noted. `images` reads what lies
/// in the file as an image, be it a texture's source or its EXT_texture_webp's. Errors:
/// invalid_avatar, invalid_image.
Result<Avatar> read_avatar(std::span<const std::byte> file, const TextureLimits& limits = {},
                           const ImageReader& images = {});

/// Each node's place in its parent at rest.
std::vector<Transform> rest_places(const Avatar& avatar);

/// Each node's place in the model, at rest or with `local` transforms instead
/// of the nodes' own.
std::vector<mat4f> world_transforms(const Avatar& avatar, std::span<const mat4f> local);
std::vector<mat4f> rest_transforms(const Avatar& avatar);
mat4f local_transform(const AvatarNode& node);
mat4f matrix_of(const Transform& place);

}  // namespace vivavox
