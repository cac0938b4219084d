// The stage's materials: how each kind of surface is shaded.
#pragma once

#include <filament/Material.h>
#include <filament/MaterialInstance.h>
#include <filament/Texture.h>

#include <array>
#include <span>

#include "engine/stage/avatar.h"
#include "engine/stage/material_packages.h"
#include "engine/stage/owned.h"

namespace vivavox {

/// Uploads a picture with its smaller copies. `srgb` for colours, else numbers.
Owned<filament::Texture> upload_texture(filament::Engine& engine, const Image& image, bool srgb);

/// The compiled materials, loaded once.
class Surfaces {
 public:
  explicit Surfaces(filament::Engine& engine);

  /// A material for one of the avatar's, showing `textures` (indexed like
  /// Avatar::textures).
  Owned<filament::MaterialInstance> make(const AvatarMaterial& material,
                                         std::span<const Owned<filament::Texture>> textures) const;

  const filament::Material& background() const { return *background_; }

 private:
  const filament::Material& choose(const AvatarMaterial& material) const;

  filament::Engine& engine_;
  MaterialPackages packages_;
  Owned<filament::Texture> white_;
  Owned<filament::Texture> flat_;  ///< a normal map without relief
  Owned<filament::Material> skin_;
  Owned<filament::Material> eye_;
  Owned<filament::Material> hair_;
  Owned<filament::Material> matter_;
  Owned<filament::Material> glass_;
  Owned<filament::Material> background_;
};

}  // namespace vivavox
