#include "engine/stage/surfaces.h"

#include <filament/TextureSampler.h>

#include <algorithm>
#include <bit>

// Embedded by the build: materials/*.mat, compiled for this platform.
extern "C" {
extern const unsigned char vivavox_skin[], vivavox_eye[], vivavox_hair[], vivavox_matter[],
    vivavox_glass[], vivavox_background[];
extern const std::size_t vivavox_skin_size, vivavox_eye_size, vivavox_hair_size,
    vivavox_matter_size, vivavox_glass_size, vivavox_background_size;
}

namespace vivavox {

using filament::Engine;
using filament::Material;
using filament::MaterialInstance;
using filament::Texture;
using filament::TextureSampler;

namespace {

Owned<Material> load(Engine& engine, const unsigned char* package, std::size_t size) {
  return own(engine, Material::Builder().package(package, size).build(engine));
}

Image pixel(std::array<std::uint8_t, 4> rgba) {
  return {.width_px = 1, .height_px = 1, .rgba = {rgba.begin(), rgba.end()}};
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
      copied_pixels<std::uint8_t>(image.rgba, Texture::Format::RGBA, Texture::Type::UBYTE));
  if (width > 1 || height > 1) texture->generateMipmaps(engine);
  return texture;
}

Surfaces::Surfaces(Engine& engine)
    : engine_(engine),
      white_(upload_texture(engine, pixel({255, 255, 255, 255}), false)),
      flat_(upload_texture(engine, pixel({128, 128, 255, 255}), false)),
      skin_(load(engine, vivavox_skin, vivavox_skin_size)),
      eye_(load(engine, vivavox_eye, vivavox_eye_size)),
      hair_(load(engine, vivavox_hair, vivavox_hair_size)),
      matter_(load(engine, vivavox_matter, vivavox_matter_size)),
      glass_(load(engine, vivavox_glass, vivavox_glass_size)),
      background_(load(engine, vivavox_background, vivavox_background_size)) {}

const Material& Surfaces::choose(const AvatarMaterial& material) const {
  // Blended hair is drawn as if cut out: its cards overlap in any order.
  if (material.surface == Surface::hair) return *hair_;
  if (material.alpha_mode == AlphaMode::blend) return *glass_;
  if (material.alpha_mode == AlphaMode::mask) return *matter_;
  if (material.surface == Surface::skin) return *skin_;
  if (material.surface == Surface::eye) return *eye_;
  return *matter_;
}

Owned<MaterialInstance> Surfaces::make(const AvatarMaterial& material,
                                       std::span<const Owned<Texture>> textures) const {
  const Material& kind = choose(material);
  auto instance = own(engine_, kind.createInstance());
  const auto set_texture = [&](const char* name, std::optional<std::size_t> index,
                               const Owned<Texture>& otherwise) {
    const TextureSampler sampler(TextureSampler::MinFilter::LINEAR_MIPMAP_LINEAR,
                                 TextureSampler::MagFilter::LINEAR,
                                 TextureSampler::WrapMode::REPEAT);
    instance->setParameter(name, index ? textures[*index].get() : otherwise.get(), sampler);
  };
  instance->setParameter("baseColor", material.base_color);
  instance->setParameter("roughness", std::clamp(material.roughness, 0.0F, 1.0F));
  instance->setParameter("metallic", std::clamp(material.metallic, 0.0F, 1.0F));
  instance->setParameter("normalScale", material.normal_scale);
  set_texture("baseColorMap", material.base_color_texture, white_);
  set_texture("metallicRoughnessMap", material.metallic_roughness_texture, white_);
  set_texture("normalMap", material.normal_texture, flat_);
  instance->setDoubleSided(material.double_sided);
  if (kind.getBlendingMode() == filament::BlendingMode::MASKED) {
    const float cutoff = material.alpha_mode == AlphaMode::mask    ? material.alpha_cutoff
                         : material.alpha_mode == AlphaMode::blend ? 0.35F
                                                                   : 0.0F;
    instance->setMaskThreshold(cutoff);
  }
  return instance;
}

}  // namespace vivavox
