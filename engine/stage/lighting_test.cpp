#include "engine/stage/lighting.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace vivavox;

TEST_CASE("Kinds of light are found by name, others are refused with the names there are") {
  for (const Lighting& one : lightings()) CHECK(lighting_named(one.name)->name == one.name);
  const auto none = lighting_named("moonlit");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::invalid_argument);
  CHECK(none.error().message.contains("portrait, soft, window, dramatic, flat"));
}

TEST_CASE("Directions are directions, and only even light has no key") {
  for (const Lighting& one : lightings()) {
    CHECK(std::abs(length(one.key_axis) - 1) < 1e-5F);
    for (const LightLobe& lobe : one.lobes) CHECK(std::abs(length(lobe.axis) - 1) < 1e-5F);
    CHECK((one.key_color == float3(0.0F)) == (one.name == "flat"));
  }
}
