#include "engine/stage/surface_names.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("Materials are told by the words of their names") {
  using enum Surface;
  // Ready Player Me, VRoid, Character Creator, MakeHuman, Mixamo.
  CHECK(surface_named("Wolf3D_Head") == skin);
  CHECK(surface_named("Wolf3D_Outfit_Top") == cloth);
  CHECK(surface_named("N00_000_00_FaceMouth_00_FACE (Instance)") == mouth);
  CHECK(surface_named("N00_000_00_FaceBrow_00_FACE (Instance)") == brow);
  CHECK(surface_named("N00_000_00_FaceEyeline_00_FACE") == lash);
  CHECK(surface_named("N00_000_00_EyeIris_00_EYE") == eye);
  CHECK(surface_named("Std_Eyelash") == lash);
  CHECK(surface_named("Std_Skin_Head") == skin);
  CHECK(surface_named("Std_Upper_Teeth") == teeth);
  CHECK(surface_named("eyebrow001") == brow);
  CHECK(surface_named("bodyskin") == skin);
  CHECK(surface_named("Eyelashes") == lash);
  CHECK(surface_named("CH03_HAIR") == hair);
  CHECK(surface_named("left_eyeballs") == eye);
  CHECK(surface_named("") == plain);
}

TEST_CASE("Words within other words tell nothing of a material") {
  using enum Surface;
  CHECK(surface_named("Hair_Brown") == hair);
  CHECK(surface_named("Surface") == plain);
  CHECK(surface_named("Brown Leather") == plain);
  CHECK(surface_named("Chair") == plain);
  CHECK(surface_named("Argument") == plain);
  CHECK(surface_named("Eyewear") == plain);
}

TEST_CASE("A name that can be cut in countless ways is read once") {
  std::string name;
  for (int i = 0; i < 45; ++i) name += "tops";
  CHECK(surface_named(name) == Surface::cloth);
  CHECK(surface_named(name + "x") == Surface::plain);
}
