#include "engine/stage/surfaces.h"

#include <filament/TextureSampler.h>

#include <algorithm>
#include <bit>

#include "engine/stage/gpu.h"

// Embedded by the build: materials/*.mat, compiled for this platform.
extern "C" {
extern const unsigned char vivavox_materials[];
extern const std::size_t vivavox_materials_size;
}

namespace vivavox {

using filament::Engine;
using filament::Material;
using filament::MaterialInstance;
using filament::Texture;
using filament::TextureSampler;

namespace {

Owned<Material> load(Engine& engine, std::span<const unsigned char> package) {
  return own(engine, Material::Builder().package(package.data(), package.size()).build(engine));
}

Image pixel(std::array<std::uint8_t, 4> rgba) {
  return {.width_px = 1, .height_px = 1, .rgba = {rgba.begin(), rgba.end()}};
}

/// Whether its colours are what is shown, whatever the light's are.
bool is_drawn(const AvatarMaterial& material) {
  return material.is_unlit || material.toon.has_value();
}

TextureSampler::WrapMode wrap_mode(Wrap wrap) {
  switch (wrap) {
    case Wrap::repeat:
      return TextureSampler::WrapMode::REPEAT;
    case Wrap::mirror:
      return TextureSampler::WrapMode::MIRRORED_REPEAT;
    case Wrap::clamp:
      break;
  }
  return TextureSampler::WrapMode::CLAMP_TO_EDGE;
}

TextureSampler sampler_of(const AvatarTexture& texture) {
  TextureSampler sampler(
      TextureSampler::MinFilter::LINEAR_MIPMAP_LINEAR,
      texture.is_smooth ? TextureSampler::MagFilter::LINEAR : TextureSampler::MagFilter::NEAREST);
  sampler.setWrapModeS(wrap_mode(texture.wrap_u));
  sampler.setWrapModeT(wrap_mode(texture.wrap_v));
  return sampler;
}

/// What layered() of materials/surface.fs computes with.
void set_layers(MaterialInstance& instance, const MaterialLayers& layers) {
  // Finer fibres would shine in fewer pixels than there are.
  const float fibres = std::max(layers.sheen_roughness, 0.2F);
  instance.setParameter("sheen", float4(layers.sheen, 1 / (fibres * fibres)));
  // How much of all light they throw back, as 2^(a + b n·v): fitted to the integral of their lobe,
  // from which it differs by 0.06 at most, by 0.09 below a roughness of 0.5.
  const float a = 0.4F / fibres - 1.08F, b = -0.33F - 1.79F / fibres;
  instance.setParameter("layers", float4(layers.coat, std::max(layers.coat_roughness, 0.1F), a, b));
}

}  // namespace

Owned<Texture> upload_texture(Engine& engine, const Image& image, bool srgb) {
  const auto width = static_cast<std::uint32_t>(image.width_px);
  const auto height = static_cast<std::uint32_t>(image.height_px);
  auto texture = own(
      engine, Texture::Builder()
                  .width(width)
                  .height(height)
                  .levels(static_cast<std::uint8_t>(std::bit_width(std::max(width, height))))
                  .format(srgb ? Texture::InternalFormat::SRGB8_A8 : Texture::InternalFormat::RGBA8)
                  .build(engine));
  texture->setImage(
      engine, 0,
      {image.rgba.data(), image.rgba.size(), Texture::Format::RGBA, Texture::Type::UBYTE});
  if (width > 1 || height > 1) texture->generateMipmaps(engine);
  finish_gpu_work(engine);
  return texture;
}

bool is_flat(const Image& normals) {
  // As flat as JPEG leaves it.
  constexpr int most_slope = 3;
  for (std::size_t i = 0; i + 2 < normals.rgba.size(); i += 4) {
    if (std::abs(normals.rgba[i] - 128) > most_slope) return false;
    if (std::abs(normals.rgba[i + 1] - 128) > most_slope) return false;
  }
  return true;
}

bool mirrors(const AvatarMaterial& material, const Image* surface) {
  constexpr float least_metal = 0.2F, most_roughness = 0.35F;
  if (!surface) return material.metallic > least_metal || material.roughness < most_roughness;
  for (std::size_t i = 0; i + 2 < surface->rgba.size(); i += 4) {
    if (material.metallic * static_cast<float>(surface->rgba[i + 2]) > 255 * least_metal)
      return true;
    if (material.roughness * static_cast<float>(surface->rgba[i + 1]) < 255 * most_roughness)
      return true;
  }
  return false;
}

const char* shading_of(const AvatarMaterial& material, bool mirrors) {
  const bool is_cut = material.alpha_mode == AlphaMode::mask;
  const bool is_veil = material.alpha_mode == AlphaMode::blend && material.surface != Surface::hair;
  if (material.layers != MaterialLayers{} && !is_drawn(material)) {
    if (is_veil || material.layers.is_clear) return "layered_glass";
    return is_cut ? "layered_cut" : "layered";
  }
  if (is_veil) return "glass";
  // Only these shine by themselves.
  if (is_drawn(material) || material.emissive != float3(0.0F)) {
    return material.alpha_mode == AlphaMode::opaque ? "matter" : "matter_cut";
  }
  const bool has_detail = material.normal_texture || material.metallic_roughness_texture;
  if (material.surface == Surface::hair) {
    // Blended hair is drawn as if cut out: its cards overlap in any order.
    if (material.alpha_mode != AlphaMode::opaque) return "hair_cut";
    return has_detail ? "hair_detail" : "hair";
  }
  if (is_cut) return "matter_cut";
  if (material.surface == Surface::skin) return has_detail ? "skin_detail" : "skin";
  if (material.surface == Surface::eye) return "eye";
  if (mirrors) return "matter";
  // And all that is neither bright nor a mirror.
  return has_detail ? "cloth_detail" : "cloth";
}

Surfaces::Surfaces(Engine& engine)
    : engine_(engine),
      packages_({vivavox_materials, vivavox_materials_size}),
      white_(upload_texture(engine, pixel({255, 255, 255, 255}), false)),
      flat_(upload_texture(engine, pixel({128, 128, 255, 255}), false)) {}

const Material& Surfaces::named(const char* name) {
  const auto [place, is_new] = loaded_.try_emplace(name);
  if (is_new) place->second = load(engine_, packages_.at(name));
  return *place->second;
}

Owned<MaterialInstance> Surfaces::make(const AvatarMaterial& material, bool mirrors,
                                       const Irises& irises,
                                       std::span<const Owned<Texture>> textures) {
  const Material& kind = named(shading_of(material, mirrors));
  auto instance = own(engine_, kind.createInstance());
  const auto set_texture = [&](const char* name, const std::optional<AvatarTexture>& texture,
                               const Owned<Texture>& otherwise) {
    instance->setParameter(name, texture ? textures[texture->image].get() : otherwise.get(),
                           sampler_of(texture.value_or(AvatarTexture{})));
  };
  instance->setParameter("baseColor", material.base_color);
  instance->setParameter("roughness", std::clamp(material.roughness, 0.0F, 1.0F));
  instance->setParameter("metallic", std::clamp(material.metallic, 0.0F, 1.0F));
  instance->setParameter("normalScale", material.normal_scale);
  instance->setParameter("dielectric", material.mirrored);
  set_layers(*instance, material.layers);
  instance->setParameter("inMouth", is_in_mouth(material.surface) ? 1.0F : 0.0F);
  instance->setParameter("pupils", irises.pupils);
  instance->setParameter("iris", float2(irises.radius, irises.depth));
  set_texture("baseColorMap", material.base_color_texture, white_);
  set_texture("metallicRoughnessMap", material.metallic_roughness_texture, white_);
  set_texture("normalMap", material.normal_texture, flat_);
  instance->setParameter("emissive", material.emissive);
  instance->setParameter("unlit", is_drawn(material) ? 1.0F : 0.0F);
  const ToonShade toon = material.toon.value_or(ToonShade{.shade = material.base_color.rgb});
  const float3 lightest = max(material.base_color.rgb, float3(0.01F));
  instance->setParameter("shade", min(toon.shade / lightest, float3(1.0F)));
  const float width = std::max(2 * (1 - toon.toony), 0.01F);
  instance->setParameter("shading", float2(toon.toony - 1 - toon.shift, 1 / width));
  instance->setParameter("occlusion", std::clamp(material.occlusion, 0.0F, 1.0F));
  set_texture("emissiveMap", material.emissive_texture, white_);
  instance->setDoubleSided(material.double_sided);
  if (kind.getBlendingMode() == filament::BlendingMode::MASKED) {
    const float cutoff = material.alpha_mode == AlphaMode::mask ? material.alpha_cutoff : 0.35F;
    instance->setMaskThreshold(cutoff);
  }
  return instance;
}

}  // namespace vivavox
