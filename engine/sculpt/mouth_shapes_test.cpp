#include "engine/sculpt/mouth_shapes.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using Catch::Approx;
using enum BlendShape;

namespace {

/// A mouth one unit wide to each side, its jaw's hinge behind and above.
const MouthShapes& shapes() {
  static const MouthShapes made({.points = {{-1, 0, 5}, {0, 0, 5}, {1, 0, 5}}, .depth = 0.4F},
                                {0, 1.5F, 1});
  return made;
}

float3 lower(BlendShape shape, float3 place) {
  return shapes().way(shape, {.place = place, .is_below = true});
}
float3 upper(BlendShape shape, float3 place) {
  return shapes().way(shape, {.place = place, .is_below = false});
}

}  // namespace

TEST_CASE("An open jaw takes the lower lip and the chin down and back, and no upper lip") {
  const float3 lip = lower(jawOpen, {0, 0, 5}), chin = lower(jawOpen, {0, -1.5F, 4.5F});
  CHECK(lip.y < -1.3F);
  CHECK(lip.z < -0.4F);
  CHECK(chin.y < -1);
  CHECK(chin.z < lip.z);
  CHECK(length(upper(jawOpen, {0, 0, 5})) == 0);
  CHECK(length(upper(jawOpen, {0, 2, 4.5F})) == 0);
}

TEST_CASE("An open jaw takes the corners by half, whichever lip they are of") {
  const float3 above = upper(jawOpen, {1, 0, 5}), below = lower(jawOpen, {1, 0, 5});
  CHECK(above.y == Approx(below.y).margin(1e-4));
  CHECK(below.y / lower(jawOpen, {0, 0, 5}).y == Approx(0.5).margin(0.05));
}

TEST_CASE("Cheeks follow the jaw without a tear") {
  for (float x = 1.02F; x < 3; x += 0.1F) {
    for (float z = 2; z < 5; z += 0.2F) {
      for (float y = -2; y < 1.5F; y += 0.05F) {
        const float3 one{x, y, z}, next{x, y + 0.05F, z};
        const float3 way = shapes().way(jawOpen, {.place = one, .is_below = one.y < 0});
        const float3 near = shapes().way(jawOpen, {.place = next, .is_below = next.y < 0});
        CHECK(length(near - way) < 0.25F);
      }
    }
  }
}

TEST_CASE("What is behind the hinge stays") {
  CHECK(length(lower(jawOpen, {2, -1, 0.5F})) == 0);
  CHECK(length(lower(jawOpen, {0, -3, 0.5F})) == 0);
}

TEST_CASE("Lower teeth go with the jaw whole, upper ones with nothing") {
  const MouthPlace tooth{.place = {0.8F, -0.2F, 4.6F}, .flesh = MouthFlesh::of_jaw};
  const MouthPlace above{.place = {0.8F, 0.2F, 4.6F}, .flesh = MouthFlesh::of_skull};
  CHECK(shapes().way(jawOpen, tooth).y < -1.2F);
  for (const BlendShape shape : mouth_shapes) {
    CHECK(length(shapes().way(shape, above)) == 0);
    if (shape != jawOpen && shape != jawForward && shape != jawLeft && shape != jawRight)
      CHECK(length(shapes().way(shape, tooth)) == 0);
  }
}

TEST_CASE("A smile takes its own corner out and up") {
  const float3 corner = upper(mouthSmileLeft, {1, 0, 5});
  CHECK(corner.x > 0.2F);
  CHECK(corner.y > 0.3F);
  CHECK(length(upper(mouthSmileLeft, {-1, 0, 5})) == 0);
  CHECK(upper(mouthSmileRight, {-1, 0, 5}).x == Approx(-corner.x));
  CHECK(upper(mouthStretchLeft, {1, 0, 5}).x > 0.2F);
  CHECK(upper(mouthFrownLeft, {1, 0, 5}).y < -0.2F);
}

TEST_CASE("Puckered lips are narrower and further in front, and open only in a funnel") {
  CHECK(lower(mouthPucker, {1, 0, 5}).x == Approx(-0.5));
  CHECK(lower(mouthPucker, {0, 0, 5}).z == Approx(0.3));
  CHECK(lower(mouthPucker, {0, 0, 5}).y == 0);
  CHECK(upper(mouthFunnel, {0, 0, 5}).y - lower(mouthFunnel, {0, 0, 5}).y == Approx(0.4));
}

TEST_CASE("Each lip goes by itself, and comes back to the other at the corners") {
  CHECK(lower(mouthLowerDownLeft, {0.3F, 0, 5}).y < -0.15F);
  CHECK(length(upper(mouthLowerDownLeft, {0.3F, 0, 5})) == 0);
  CHECK(upper(mouthUpperUpRight, {-0.3F, 0, 5}).y > 0.1F);
  CHECK(length(lower(mouthUpperUpRight, {-0.3F, 0, 5})) == 0);
  CHECK(lower(mouthRollLower, {0, -0.1F, 5}).z < -0.1F);
  CHECK(upper(mouthRollUpper, {0, 0.1F, 5}).z < -0.1F);
  for (const BlendShape shape : {mouthLowerDownLeft, mouthUpperUpLeft, mouthRollLower})
    CHECK(length(lower(shape, {1, 0, 5})) == 0);
}

TEST_CASE("Pressed lips meet where they met") {
  CHECK(lower(mouthPressLeft, {0.3F, 0, 5}).y == 0);
  CHECK(upper(mouthPressLeft, {0.3F, 0, 5}).y == 0);
  CHECK(lower(mouthPressLeft, {0.3F, -0.3F, 5}).y > 0);
}

TEST_CASE("A jaw far from its hinge opens a mouth no wider than it stretches") {
  const MouthShapes small({.points = {{-0.1F, 0, 5}, {0.1F, 0, 5}}, .depth = 0.1F}, {0, 1.5F, 1});
  const float3 lip = small.way(jawOpen, {.place = {0, 0, 5}, .is_below = true});
  CHECK(length(lip) == Approx(0.2).margin(0.01));
}
