#include "engine/face/blend_shapes.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("every blend shape is found by its name") {
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    const auto shape = static_cast<BlendShape>(i);
    CHECK(blend_shape_named(name(shape)) == shape);
  }
  CHECK(name(BlendShape::mouthSmileRight) == "mouthSmileRight");
  CHECK(name(BlendShape::tongueOut) == "tongueOut");
  CHECK_FALSE(blend_shape_named("mouthsmileright"));
  CHECK_FALSE(blend_shape_named(""));
}
