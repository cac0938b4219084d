#include "engine/stage/environment.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

using namespace vivavox;
using Catch::Approx;

namespace {

float3 radiance(float3 direction) {
  float3 sum(0.0F);
  for (const LightLobe& lobe : lightings()[0].lobes) {
    sum += lobe.color * std::exp(lobe.sharpness * (dot(direction, lobe.axis) - 1));
  }
  return sum;
}

/// The integral of f over the sphere.
template <class F>
double integrate(F f) {
  constexpr int rows = 400;
  constexpr int columns = 800;
  double sum = 0;
  for (int i = 0; i < rows; ++i) {
    const double theta = std::numbers::pi * (i + 0.5) / rows;
    for (int j = 0; j < columns; ++j) {
      const double phi = 2 * std::numbers::pi * (j + 0.5) / columns;
      const float3 direction(static_cast<float>(std::sin(theta) * std::cos(phi)),
                             static_cast<float>(std::cos(theta)),
                             static_cast<float>(std::sin(theta) * std::sin(phi)));
      sum += f(direction) * std::sin(theta);
    }
  }
  return sum * std::numbers::pi / rows * 2 * std::numbers::pi / columns;
}

}  // namespace

TEST_CASE("The harmonics are the lobes' projections, integrated numerically") {
  const auto harmonics = radiance_harmonics(lightings()[0].lobes);
  CHECK(harmonics[0].g ==
        Approx(integrate([](float3 d) { return radiance(d).g * 0.282095; })).epsilon(1e-3));
  CHECK(harmonics[1].g ==
        Approx(integrate([](float3 d) { return radiance(d).g * -0.488603 * d.y; })).epsilon(1e-3));
  CHECK(harmonics[2].g ==
        Approx(integrate([](float3 d) { return radiance(d).g * 0.488603 * d.z; })).epsilon(1e-3));
  CHECK(harmonics[7].g == Approx(integrate([](float3 d) {
                            return radiance(d).g * -1.092548 * d.z * d.x;
                          })).epsilon(2e-3));
}

TEST_CASE("A mirror shows the lobes; a rough surface keeps their light and loses their edges") {
  const auto sharp = reflections(lightings()[0].lobes, 16, 0);
  const auto rough = reflections(lightings()[0].lobes, 16, 1);
  REQUIRE(sharp.size() == 6 * 16 * 16);
  float brightest_sharp = 0;
  float brightest_rough = 0;
  for (std::size_t i = 0; i < sharp.size(); ++i) {
    brightest_sharp = std::max(brightest_sharp, sharp[i].g);
    brightest_rough = std::max(brightest_rough, rough[i].g);
  }
  CHECK(brightest_rough < 0.5F * brightest_sharp);
  CHECK(brightest_rough > 0.1F);
}
