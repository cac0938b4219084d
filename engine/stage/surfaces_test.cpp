#include "engine/stage/surfaces.h"

#include <filament/Engine.h>

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <string_view>

#include "engine/stage/gpu.h"

using namespace vivavox;

TEST_CASE("Materials are loaded when an avatar has something made of them") {
  const auto close = [](filament::Engine* engine) { filament::Engine::destroy(engine); };
  const std::unique_ptr<filament::Engine, decltype(close)> engine(open_gpu().value(), close);
  Surfaces surfaces(*engine);
  CHECK(surfaces.count() == 0);
  surfaces.background();
  const AvatarMaterial skin{.surface = Surface::skin}, hair{.surface = Surface::hair};
  const auto face = surfaces.make(skin, false, {}, {});
  CHECK(surfaces.count() == 2);
  const auto hands = surfaces.make(skin, false, {}, {});
  CHECK(surfaces.count() == 2);
  const auto curls = surfaces.make(hair, false, {}, {});
  CHECK(surfaces.count() == 3);
}

TEST_CASE("What a surface is shaded by: its kind, and what it has") {
  const auto shading = [](const AvatarMaterial& material, bool mirrors = false) {
    return std::string_view(shading_of(material, mirrors));
  };
  const AvatarMaterial cloth{.surface = Surface::cloth};
  CHECK(shading(cloth) == "cloth");
  CHECK(shading(cloth, true) == "matter");
  CHECK(shading({.surface = Surface::skin, .normal_texture = AvatarTexture{}}) == "skin_detail");
  CHECK(shading({.surface = Surface::hair, .alpha_mode = AlphaMode::blend}) == "hair_cut");
  CHECK(shading({.surface = Surface::cloth, .alpha_mode = AlphaMode::blend}) == "glass");
  CHECK(shading({.surface = Surface::skin, .is_unlit = true}) == "matter");
  CHECK(shading({.surface = Surface::cloth, .mirrored = float4(0.1F)}) == "cloth");
  const MaterialLayers lacquer{.coat = 1};
  CHECK(shading({.layers = lacquer}) == "layered");
  CHECK(shading({.layers = lacquer, .alpha_mode = AlphaMode::mask}) == "layered_cut");
  CHECK(shading({.layers = lacquer, .alpha_mode = AlphaMode::blend}) == "layered_glass");
  CHECK(shading({.layers = {.is_clear = true}}) == "layered_glass");
  CHECK(shading({.layers = lacquer, .is_unlit = true}) == "matter");
}
