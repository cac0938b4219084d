#include "engine/face/mouth.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

using namespace vivavox;
using enum BlendShape;

TEST_CASE("sealed lips are shut whatever else moves") {
  Mouth mouth;
  for (std::size_t i = 0; i < channel_count; ++i) mouth[static_cast<Channel>(i)] = 0.9;
  mouth[Channel::seal] = 1;
  BlendWeights expression;
  for (float& weight : expression.values()) weight = 0.8F;
  const BlendWeights weights = shaped(mouth, expression, 1);
  CHECK(weights[mouthClose] == weights[jawOpen]);
  CHECK(weights[mouthFunnel] == 0);
  CHECK(weights[mouthUpperUpLeft] == 0);
  CHECK(weights[mouthLowerDownRight] == 0);
  CHECK(weights[tongueOut] == 0);
  CHECK(lip_opening(weights) <= 0);
}

TEST_CASE("lips stick until they are drawn apart, then part without a jump") {
  const auto opening = [](double jaw, double speaking) {
    Mouth mouth;
    mouth[Channel::jaw] = jaw;
    mouth[Channel::speaking] = speaking;
    return lip_opening(shaped(mouth, {}, 1));
  };
  CHECK(opening(0.02, 1) <= 0);
  CHECK(std::abs(opening(0.06, 1) - 0.06) < 1e-6);
  constexpr double step = 0.001;
  for (double jaw = 0; jaw < 0.1; jaw += step) {
    const double change = opening(jaw + step, 1) - opening(jaw, 1);
    CHECK(change > -1e-6);
    CHECK(change < 5 * step);
  }
  CHECK(std::abs(opening(0.02, 0) - 0.02) < 1e-6);
}

TEST_CASE("a mouth at rest shows the expression") {
  BlendWeights expression;
  expression[mouthSmileLeft] = 0.5F;
  expression[browInnerUp] = 0.3F;
  CHECK(shaped({}, expression, 0) == expression);
}

TEST_CASE("speech holds the expression's mouth back, and leaves the brows") {
  BlendWeights expression;
  expression[mouthSmileLeft] = 0.5F;
  expression[browInnerUp] = 0.3F;
  Mouth mouth;
  mouth[Channel::speaking] = 1;
  const BlendWeights weights = shaped(mouth, expression, 0.4);
  CHECK(std::abs(weights[mouthSmileLeft] - 0.2F) < 1e-6F);
  CHECK(weights[browInnerUp] == 0.3F);
  mouth[Channel::pucker] = 1;
  CHECK(shaped(mouth, expression, 0.4)[mouthSmileLeft] < 0.1F);
}
