// The stage's materials: how each kind of surface is shaded.
#pragma once

#include <filament/Material.h>
#include <filament/MaterialInstance.h>
#include <filament/Texture.h>

#include <map>
#include <span>
#include <string_view>

#include "engine/stage/avatar.h"
#include "engine/stage/irises.h"
#include "engine/stage/material_packages.h"
#include "engine/stage/owned.h"

namespace vivavox {

/// Uploads a picture with its smaller copies, and waits until it is there: no copy of it is made.
/// `srgb` for colours, else numbers.
Owned<filament::Texture> upload_texture(filament::Engine& engine, const Image& image, bool srgb);

/// Whether a normal map has no relief: it is drawn as if it were not there.
bool is_flat(const Image& normals);

/// Whether what is around is to be seen in it: `surface` is what its texture of roughness and metal
/// shows, nothing without one.
bool mirrors(const AvatarMaterial& material, const Image* surface);

/// The compiled material that shades one of an avatar's: engine/stage/CMakeLists.txt lists them.
const char* shading_of(const AvatarMaterial& material, bool mirrors);

/// The compiled materials, each loaded when it is first used.
class Surfaces {
 public:
  explicit Surfaces(filament::Engine& engine);

  /// A material for one of the avatar's, showing `textures` (indexed like
  /// Avatar::textures). `mirrors` where what is around is to be seen in it; `irises` of eyes.
  Owned<filament::MaterialInstance> make(const AvatarMaterial& material, bool mirrors,
                                         const Irises& irises,
                                         std::span<const Owned<filament::Texture>> textures);

  const filament::Material& background() { return named("background"); }

  /// How many are loaded.
  std::size_t count() const { return loaded_.size(); }

 private:
  const filament::Material& named(const char* name);

  filament::Engine& engine_;
  MaterialPackages packages_;
  Owned<filament::Texture> white_;
  Owned<filament::Texture> flat_;  ///< a normal map without relief
  std::map<std::string_view, Owned<filament::Material>> loaded_;
};

}  // namespace vivavox
