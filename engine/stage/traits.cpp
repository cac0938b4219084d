#include "engine/stage/traits.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/appearance.h"
#include "engine/stage/color.h"
#include "engine/stage/filled.h"
#include "engine/stage/held.h"
#include "engine/stage/target_names.h"

namespace vivavox {

namespace {

using gltf::Fault;
namespace json = boost::json;

/// The mean colour of the material's texture over the triangles that show it, by their size and
/// how opaque it is there; white without a texture.
float3 mean_color(const Avatar& avatar, std::size_t material) {
  const auto& texture = avatar.materials[material].base_color_texture;
  if (!texture) return float3(1.0F);
  const Image& image = avatar.textures[texture->image];
  // Where they stand: parts have units of their own.
  const std::vector<mat4f> world = rest_transforms(avatar);
  float3 sum(0.0F);
  float area_sum = 0;
  for (const AvatarPart& part : avatar.parts) {
    if (part.material != material) continue;
    for (std::size_t i = 0; i + 2 < part.indices.size(); i += 3) {
      const auto [a, b, c] = std::array{part.indices[i], part.indices[i + 1], part.indices[i + 2]};
      const float2 uv = (part.uvs[a] + part.uvs[b] + part.uvs[c]) / 3.0F;
      const float2 place{uv.x - std::floor(uv.x), uv.y - std::floor(uv.y)};
      if (!(place.x < 1 && place.y < 1)) continue;
      const auto x = static_cast<std::size_t>(place.x * static_cast<float>(image.width_px));
      const auto y = static_cast<std::size_t>(place.y * static_cast<float>(image.height_px));
      const std::uint8_t* texel = &image.rgba[4 * (y * image.width_px + x)];
      const float3 corner = vertex_place(part, world, a);
      const float area = length(cross(vertex_place(part, world, b) - corner,
                                      vertex_place(part, world, c) - corner)) *
                         static_cast<float>(texel[3]);
      sum += linear(Color{texel[0], texel[1], texel[2]}) * area;
      area_sum += area;
    }
  }
  const bool is_known = area_sum > 0 && std::isfinite(area_sum);
  return is_known ? sum / area_sum : float3(1.0F);
}

constexpr const char* no_node = "names the node \"%\", which the file does not have";
constexpr const char* no_material = "names the material \"%\", which the file does not have";

/// Reads one file's traits into the avatar.
class TraitReader {
 public:
  explicit TraitReader(Avatar& avatar) : avatar_(avatar) {}

  void read(const json::object& extras) {
    const json::object& traits = gltf::object_member(extras, "traits");
    check_count(traits.size(), max_traits, "traits");
    for (const auto& [name, value] : traits) {
      check_name(name);
      if (name == look_trait) throw Fault{"no trait of an avatar can be called look: rename it"};
      trait_ = name;
      avatar_.traits.traits.push_back(read_trait(object_of(value)));
    }
    const json::object& looks = gltf::object_member(extras, "looks");
    check_count(looks.size(), max_looks, "looks");
    // None refers to another.
    std::vector<AvatarLook> read;
    for (const auto& [name, value] : looks) {
      check_name(name);
      trait_ = look_trait;
      read.push_back(read_look(name, object_of(value)));
    }
    avatar_.traits.looks = std::move(read);
  }

 private:
  [[noreturn]] void refuse(std::string_view what, std::string_view name = {}) const {
    const std::string why = filled(what, {name.substr(0, max_trait_name_bytes)});
    throw Fault{filled("the avatar's trait \"%\" %: correct its extras", {trait_, why})};
  }

  static void check_count(std::size_t count, std::size_t most, const char* what) {
    if (count > most) throw Fault{filled("the avatar has too many %: leave some out", {what})};
  }

  static void check_name(std::string_view name) {
    if (name.empty() || name.size() > max_trait_name_bytes)
      throw Fault{"the name of an avatar's trait must have 1 to 64 bytes: rename it"};
  }

  const json::object& object_of(const json::value& value) const {
    if (!value.is_object()) refuse("holds something that is not an object");
    return value.get_object();
  }

  std::string text_of(const json::value& value) const {
    if (!value.is_string()) refuse("holds something that is not a string");
    return std::string(value.get_string());
  }

  void count_reference() {
    if (++references_ > max_trait_references)
      throw Fault{"the avatar's traits name more than 4,096 things: leave some out"};
  }

  /// The places in `all` of what is called so; refused with `otherwise` where there is none.
  template <class T>
  std::vector<std::size_t> places(const std::vector<T>& all, const json::value& value,
                                  const char* otherwise) {
    const std::string name = text_of(value);
    count_reference();
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].name == name) found.push_back(i);
    }
    if (found.empty()) refuse(otherwise, name);
    return found;
  }

  Trait read_trait(const json::object& object) {
    Trait trait{.name = trait_, .values = {}, .initial = {}, .any = {}};
    const json::object& values = gltf::object_member(object, "values");
    check_count(values.size(), max_trait_values, "values of a trait");
    for (const auto& [name, value] : values) {
      check_name(name);
      trait.values.push_back(read_value(name, object_of(value)));
    }
    for (const json::value& name : gltf::array_member(object, "any")) {
      for (const std::size_t material : places(avatar_.materials, name, no_material))
        trait.any.push_back({material, mean_color(avatar_, material)});
    }
    trait.initial = gltf::string_member(object, "default");
    const bool is_value = std::ranges::contains(trait.values, trait.initial, &TraitValue::name);
    if (!is_value && !(trait.initial.empty() && trait.values.empty() && !trait.any.empty()))
      refuse("has no default among its values");
    return trait;
  }

  TraitValue read_value(std::string_view name, const json::object& object) {
    TraitValue value{.name = std::string(name), .nodes = {}, .shape = {}, .colors = {}};
    for (const json::value& node : gltf::array_member(object, "show")) {
      for (const std::size_t place : places(avatar_.nodes, node, no_node))
        value.nodes.push_back(place);
    }
    const json::object& weights = gltf::object_member(object, "weights");
    for (const auto& [target, weight] : weights)
      value.shape.push_back({target_called(target), gltf::number_member(weights, target, 0)});
    if (std::ranges::any_of(value.shape,
                            [](const auto& one) { return one.weight < 0 || one.weight > 1; }))
      refuse("has a weight outside of 0 to 1");
    const json::object& colors = gltf::object_member(object, "colors");
    for (const auto& [material, color] : colors) {
      const auto rgb = gltf::numbers_member<3>(colors, material, {});
      if (std::ranges::any_of(rgb, [](float level) { return level < 0 || level > 1; }))
        refuse("has a colour outside of 0 to 1");
      for (const std::size_t place : places(avatar_.materials, json::value(material), no_material))
        value.colors.push_back({place, {rgb[0], rgb[1], rgb[2]}});
    }
    return value;
  }

  /// The target that is a trait's from now on.
  std::size_t target_called(std::string_view name) {
    count_reference();
    const auto found = std::ranges::find(avatar_.target_names, name);
    if (found == avatar_.target_names.end())
      refuse("names the morph target \"%\", which the file does not have", name);
    if (is_expression(name)) refuse("names the morph target \"%\", which is an expression's", name);
    const auto target = static_cast<std::size_t>(found - avatar_.target_names.begin());
    for (AvatarPart& part : avatar_.parts) {
      for (MorphTarget& one : part.targets) {
        if (one.target == target) one.is_lasting = true;
      }
    }
    return target;
  }

  AvatarLook read_look(std::string_view name, const json::object& object) {
    AvatarLook look{.name = std::string(name), .choices = {}};
    check_count(object.size(), max_traits, "traits in a look");
    for (const auto& [trait, value] : object)
      look.choices.push_back({std::string(trait), text_of(value)});
    if (auto right = chosen_values(avatar_.traits, look.choices); !right)
      throw Fault{filled("the avatar's look \"%\": %", {name, right.error().message})};
    return look;
  }

  Avatar& avatar_;
  std::string trait_;  ///< that is being read, for messages
  std::size_t references_ = 0;
};

/// Adds a trait that colours the materials, if any triangles have one.
void add_tint(Avatar& avatar, const char* name, bool (*is_tinted)(const AvatarMaterial&)) {
  Trait trait{.name = name, .values = {}, .initial = {}, .any = {}};
  for (std::size_t i = 0; i < avatar.materials.size(); ++i) {
    const bool is_used = std::ranges::contains(avatar.parts, i, &AvatarPart::material);
    if (is_used && is_tinted(avatar.materials[i])) trait.any.push_back({i, mean_color(avatar, i)});
  }
  if (!trait.any.empty()) avatar.traits.traits.push_back(std::move(trait));
}

}  // namespace

void read_traits(const gltf::Document& document, Avatar& avatar) {
  // Extras may be anything; what is called after this program is its own.
  const json::value* extras = document.root().if_contains("extras");
  if (extras && extras->is_object() && extras->get_object().contains("vivavox"))
    TraitReader(avatar).read(gltf::object_member(extras->get_object(), "vivavox"));
  if (!avatar.traits.traits.empty()) return;
  add_tint(avatar, "skin", [](const auto& one) { return one.surface == Surface::skin; });
  add_tint(avatar, "hairColor", [](const auto& one) { return one.surface == Surface::hair; });
  // Most eyes are one texture, whose white would take the colour, too.
  add_tint(avatar, "eyes", [](const auto& one) {
    return one.surface == Surface::eye && letters_of(one.name).contains("iris");
  });
}

}  // namespace vivavox
