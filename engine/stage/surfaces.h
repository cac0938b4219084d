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

/// Whether a normal map has no relief: it is drawn as if it were not there.
bool is_flat(const Image& normals);

/// Whether what is around is to be seen in it: `surface` is what its texture of roughness and metal
/// shows, nothing without one.
bool mirrors(const AvatarMaterial& material, const Image* surface);

/// The compiled materials, loaded once.
class Surfaces {
 public:
  explicit Surfaces(filament::Engine& engine);

  /// A material for one of the avatar's, showing `textures` (indexed like
  /// Avatar::textures). `mirrors` where what is around is to be seen in it.
  Owned<filament::MaterialInstance> make(const AvatarMaterial& material, bool mirrors,
                                         std::span<const Owned<filament::Texture>> textures) const;

  const filament::Material& background() const { return *background_; }

 private:
  const filament::Material& choose(const AvatarMaterial& material, bool mirrors) const;

  filament::Engine& engine_;
  MaterialPackages packages_;
  Owned<filament::Texture> white_;
  Owned<filament::Texture> flat_;  ///< a normal map without relief
  Owned<filament::Material> skin_, skin_detail_;
  Owned<filament::Material> eye_;
  Owned<filament::Material> hair_, hair_detail_, hair_cut_;
  Owned<filament::Material> cloth_, cloth_detail_;  ///< and all that is neither bright nor a mirror
  Owned<filament::Material> matter_, matter_cut_;
  Owned<filament::Material> glass_;
  Owned<filament::Material> background_;
};

}  // namespace vivavox
