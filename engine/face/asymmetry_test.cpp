#include "engine/face/asymmetry.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/face/mouth.h"

using namespace vivavox;
using enum BlendShape;

TEST_CASE("no seed moves both corners alike, and not all the same one more") {
  int left_first = 0;
  constexpr int seeds = 40;
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    BlendWeights weights;
    weights[mouthLowerDownLeft] = weights[mouthLowerDownRight] = 0.4F;
    make_uneven(weights, seed, 0);
    const float left = weights[mouthLowerDownLeft], right = weights[mouthLowerDownRight];
    CHECK(left != right);
    CHECK(std::abs(left - right) < 0.25F * left);
    left_first += left > right;
  }
  CHECK(left_first > seeds / 4);
  CHECK(left_first < seeds * 3 / 4);
}

TEST_CASE("unevenness stays in range and opens nothing that is closed") {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    BlendWeights weights;
    weights[jawOpen] = weights[mouthClose] = 0.2F;
    weights[mouthSmileLeft] = weights[mouthSmileRight] = 1;
    make_uneven(weights, seed, 3);
    CHECK(weights[mouthSmileLeft] <= 1);
    CHECK(weights[mouthSmileRight] <= 1);
    CHECK(lip_opening(weights) <= 0);
  }
}
