#include "engine/stage/color.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using Catch::Approx;

TEST_CASE("Colours are read from hexadecimal") {
  CHECK(color_from_hex("#ff8000") == Color{255, 128, 0});
  CHECK(color_from_hex("0a0b0c") == Color{10, 11, 12});
  CHECK_FALSE(color_from_hex("#ff80"));
  CHECK_FALSE(color_from_hex("#gg8000"));
}

TEST_CASE("Colours are written as they were read") {
  for (const char* text : {"#000000", "#010a0b", "#7f8081", "#aa7755", "#ffffff"})
    CHECK(hex(linear(*color_from_hex(text))) == text);
  CHECK(hex({2, -1, 1}) == "#ff00ff");
}

TEST_CASE("A colour's light is the sRGB curve's") {
  const float3 light = linear(Color{0, 128, 255});
  CHECK(light.x == 0);
  CHECK(light.y == Approx(0.2158605F));
  CHECK(light.z == 1);
}
