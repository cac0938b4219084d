#include "engine/stage/avatar_materials.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/stage/material_extensions.h"
#include "engine/stage/surface_names.h"

namespace vivavox {

namespace {

using gltf::Document;
using gltf::Fault;
namespace json = boost::json;

Wrap wrap_of(const json::object& sampler, std::string_view name) {
  // OpenGL's numbers; REPEAT is 10497.
  constexpr std::size_t clamp_to_edge = 33071, mirrored_repeat = 33648;
  const auto number = gltf::index_member(sampler, name);
  if (number == clamp_to_edge) return Wrap::clamp;
  return number == mirrored_repeat ? Wrap::mirror : Wrap::repeat;
}

UvMap uv_map_of(const json::object& texture_info) {
  const json::object& transform = gltf::extension(texture_info, "KHR_texture_transform");
  const auto offset = gltf::numbers_member<2>(transform, "offset", {0, 0});
  const auto scale = gltf::numbers_member<2>(transform, "scale", {1, 1});
  const auto set = gltf::index_member(transform, "texCoord");
  return {.set = set ? *set : gltf::index_member(texture_info, "texCoord").value_or(0),
          .offset = {offset[0], offset[1]},
          .rotation_rad = gltf::number_member(transform, "rotation", 0),
          .scale = {scale[0], scale[1]}};
}

/// Into the red of `image`, pixel by pixel where their sizes differ.
void put_red(const Image& from, Image& image) {
  for (int y = 0; y < image.height_px; ++y) {
    const std::size_t row = std::size_t{1} * y * from.height_px / image.height_px;
    for (int x = 0; x < image.width_px; ++x) {
      const std::size_t column = std::size_t{1} * x * from.width_px / image.width_px;
      image.rgba[4 * (std::size_t{1} * y * image.width_px + x)] =
          from.rgba[4 * (row * from.width_px + column)];
    }
  }
}

/// The textures that materials use, each once.
class Textures {
 public:
  Textures(const Document& document, const ImageReader& images)
      : document_(document), images_(images) {}

  /// The texture of an info of a material's; nothing where it has none of that name.
  std::optional<AvatarTexture> read(const json::object& owner, std::string_view name) {
    const auto source = source_of(owner, name);
    if (!source) return std::nullopt;
    return use({.image = *source}, owner, name);
  }

  /// Roughness and metal, with occlusion in their red wherever it lies.
  std::optional<AvatarTexture> read_surface(const json::object& pbr, const json::object& material) {
    const auto surface = source_of(pbr, "metallicRoughnessTexture");
    const auto occlusion = source_of(material, "occlusionTexture");
    if (!surface && !occlusion) return std::nullopt;
    if (!surface) {
      return use({.image = *occlusion, .is_occlusion_alone = true}, material, "occlusionTexture");
    }
    const bool is_apart = occlusion && occlusion != surface;
    return use({.image = *surface, .occlusion = is_apart ? occlusion : std::nullopt}, pbr,
               "metallicRoughnessTexture");
  }

  /// Decodes one after another, so that no more than one is there in its full size.
  void decode(const TextureLimits& limits, Avatar& avatar) {
    std::size_t decoded_pixels = pixels();
    for (const Source& source : sources_) decoded_pixels += source.occlusion_pixels;
    if (decoded_pixels > max_texture_pixels) {
      throw Fault{"the avatar's textures have more than 64 million pixels: scale them down"};
    }
    for (Source& source : sources_) {
      avatar.longest_texture_side_px =
          std::max(avatar.longest_texture_side_px, longest_side(source));
      while (longest_side(source) > limits.most_side_px) halve(source);
    }
    shrink_to(limits.most_pixels);
    for (std::size_t i = 0; i < sources_.size(); ++i)
      avatar.textures.push_back(picture(keys_[i], sources_[i].halvings));
    const auto shrunk = std::ranges::count_if(sources_, &Source::is_one_too_many);
    if (shrunk == 0) return;
    avatar.notes.push_back(std::to_string(shrunk) + " of " + std::to_string(sources_.size()) +
                           " textures are shown smaller than they are, because together they have "
                           "more than " +
                           std::to_string(limits.most_pixels) + " pixels");
  }

 private:
  /// What a texture is made of: indices of the file's images.
  struct Key {
    std::size_t image = 0;
    std::optional<std::size_t> occlusion = std::nullopt;  ///< to be put into the red
    bool is_occlusion_alone = false;                      ///< no more than the red counts

    auto operator<=>(const Key&) const = default;
  };
  struct Source {
    ImageSize size;  ///< after so many halvings
    int halvings = 0;
    bool is_one_too_many = false;      ///< halved because all have too many pixels together
    std::size_t occlusion_pixels = 0;  ///< decoded for its sake, and kept by nobody
  };

  template <class T>
  static T value_of(Result<T> read) {
    if (!read)
      throw Fault{"a texture of the avatar: " + read.error().message, ErrorCode::invalid_image};
    return *std::move(read);
  }

  /// The file's image that a texture info means.
  std::optional<std::size_t> source_of(const json::object& owner, std::string_view name) const {
    if (!owner.contains(name)) return std::nullopt;
    const auto texture = gltf::index_member(gltf::object_member(owner, name), "index");
    if (!texture) return std::nullopt;
    const json::object& object = document_.element("textures", *texture);
    auto source = gltf::index_member(object, "source");
    for (const char* packing : {"EXT_texture_webp", "EXT_texture_avif"})
      if (!source) source = gltf::index_member(gltf::extension(object, packing), "source");
    if (!source) {
      throw Fault{
          "a texture of the avatar is KTX2, or in no known format: make it PNG (by "
          "gltf-transform ktxdecompress), JPEG, WebP or AVIF",
          ErrorCode::invalid_image};
    }
    return source;
  }

  AvatarTexture use(const Key& key, const json::object& owner, std::string_view name) {
    const auto [known, added] = place_.try_emplace(key, sources_.size());
    if (added) {
      keys_.push_back(key);
      sources_.push_back(
          {.size = size_of(key.image),
           .occlusion_pixels = key.occlusion ? size_of(*key.occlusion).pixels() : 0});
    }
    AvatarTexture texture{.image = known->second};
    const auto index = gltf::index_member(gltf::object_member(owner, name), "index");
    const json::object& object = document_.element("textures", index.value_or(0));
    if (const auto sampler = gltf::index_member(object, "sampler")) {
      constexpr std::size_t nearest = 9728;
      const json::object& how = document_.element("samplers", *sampler);
      texture.wrap_u = wrap_of(how, "wrapS");
      texture.wrap_v = wrap_of(how, "wrapT");
      texture.is_smooth = gltf::index_member(how, "magFilter") != nearest;
    }
    return texture;
  }

  std::span<const std::byte> file_of(std::size_t image) const {
    const auto view = gltf::index_member(document_.element("images", image), "bufferView");
    if (!view)
      throw Fault{"a texture of the avatar is in another file: export it as one .glb file"};
    return document_.buffer_view(*view);
  }

  ImageSize size_of(std::size_t image) const { return value_of(images_.size(file_of(image))); }

  Image picture(const Key& key, int halvings) const {
    Image image = value_of(images_.decode(file_of(key.image), halvings));
    if (key.is_occlusion_alone) {
      for (std::size_t i = 0; i < image.rgba.size(); i += 4)
        image.rgba[i + 1] = image.rgba[i + 2] = 255;
    }
    if (key.occlusion) put_red(value_of(images_.decode(file_of(*key.occlusion), halvings)), image);
    return image;
  }

  std::size_t pixels() const {
    std::size_t sum = 0;
    for (const Source& source : sources_) sum += source.size.pixels();
    return sum;
  }

  static int longest_side(const Source& source) {
    return std::max(source.size.width_px, source.size.height_px);
  }

  static void halve(Source& source) {
    source.size = source.size.half();
    ++source.halvings;
  }

  void shrink_to(std::size_t most_pixels) {
    while (pixels() > most_pixels) {
      Source& largest = *std::ranges::max_element(
          sources_, {}, [](const Source& one) { return one.size.pixels(); });
      if (largest.size.pixels() == 1) return;
      halve(largest);
      largest.is_one_too_many = true;
    }
  }

  const Document& document_;
  const ImageReader& images_;
  std::map<Key, std::size_t> place_;
  std::vector<Key> keys_;
  std::vector<Source> sources_;
};

AlphaMode alpha_mode_of(const json::object& material) {
  const std::string mode = gltf::string_member(material, "alphaMode");
  if (mode == "BLEND") return AlphaMode::blend;
  return mode == "MASK" ? AlphaMode::mask : AlphaMode::opaque;
}

float3 emissive_of(const json::object& material) {
  const auto factor = gltf::numbers_member<3>(material, "emissiveFactor", {0, 0, 0});
  const float strength = gltf::number_member(
      gltf::extension(material, "KHR_materials_emissive_strength"), "emissiveStrength", 1);
  return float3(factor[0], factor[1], factor[2]) * strength;
}

/// How the material lies on its meshes: as the first of its textures does. Returns whether all
/// of them lie so.
bool read_uv_map(const json::object& pbr, const json::object& material, UvMap& uv) {
  const std::array<std::pair<const json::object*, std::string_view>, 5> places{
      {{&pbr, "baseColorTexture"},
       {&pbr, "metallicRoughnessTexture"},
       {&material, "normalTexture"},
       {&material, "emissiveTexture"},
       {&material, "occlusionTexture"}}};
  std::optional<UvMap> first;
  bool is_same = true;
  for (const auto& [owner, name] : places) {
    if (!owner->contains(name)) continue;
    const UvMap one = uv_map_of(gltf::object_member(*owner, name));
    if (!first) first = one;
    is_same = is_same && one == *first;
  }
  uv = first.value_or(UvMap{});
  return is_same;
}

AvatarMaterial read_material(const json::object& object, Textures& textures,
                             UnshownExtensions& unshown) {
  const json::object& pbr = gltf::object_member(object, "pbrMetallicRoughness");
  const json::object& normal = gltf::object_member(object, "normalTexture");
  const json::object& occlusion = gltf::object_member(object, "occlusionTexture");
  const auto color = gltf::numbers_member<4>(pbr, "baseColorFactor", {1, 1, 1, 1});
  AvatarMaterial material{
      .name = gltf::string_member(object, "name"),
      .base_color = {color[0], color[1], color[2], color[3]},
      .metallic = gltf::number_member(pbr, "metallicFactor", 1),
      .roughness = gltf::number_member(pbr, "roughnessFactor", 1),
      .normal_scale = gltf::number_member(normal, "scale", 1),
      .occlusion = occlusion.empty() ? 0 : gltf::number_member(occlusion, "strength", 1),
      .emissive = emissive_of(object),
      .is_unlit = gltf::object_member(object, "extensions").contains("KHR_materials_unlit"),
      .base_color_texture = textures.read(pbr, "baseColorTexture"),
      .metallic_roughness_texture = textures.read_surface(pbr, object),
      .normal_texture = textures.read(object, "normalTexture"),
      .emissive_texture = textures.read(object, "emissiveTexture"),
      .alpha_mode = alpha_mode_of(object),
      .alpha_cutoff = gltf::number_member(object, "alphaCutoff", 0.5F),
      .double_sided = gltf::bool_member(object, "doubleSided", false)};
  material.surface = surface_named(material.name);
  read_material_extensions(object, material, unshown);
  return material;
}

}  // namespace

float2 UvMap::operator()(float2 uv) const {
  const float c = std::cos(rotation_rad), s = std::sin(rotation_rad);
  const float2 scaled = uv * scale;
  return offset + float2(c * scaled.x + s * scaled.y, c * scaled.y - s * scaled.x);
}

void read_materials(const Document& document, const TextureLimits& limits,
                    const ImageReader& images, Avatar& avatar) {
  Textures textures(document, images);
  std::size_t laid_otherwise = 0;
  UnshownExtensions unshown;
  for (std::size_t i = 0; i < document.count("materials"); ++i) {
    const json::object& object = document.element("materials", i);
    AvatarMaterial& material =
        avatar.materials.emplace_back(read_material(object, textures, unshown));
    if (!read_uv_map(gltf::object_member(object, "pbrMetallicRoughness"), object, material.uv))
      ++laid_otherwise;
  }
  if (laid_otherwise > 0) {
    avatar.notes.push_back("textures of " + std::to_string(laid_otherwise) +
                           " materials lie otherwise than their colour, and are shown as it lies");
  }
  note(unshown, avatar.notes);
  textures.decode(limits, avatar);
}

}  // namespace vivavox
