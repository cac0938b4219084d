#include "engine/sculpt/eye_opening.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/sculpt/test_faces.h"

using namespace vivavox;
using Catch::Approx;

namespace {

const EyeBall eye{.centre = {3, 20, 1}, .radius = 2};
constexpr float skin_distance = 1.06F;  ///< in radii

/// On the lids' shell: aside from -1 to 1 in radii, and the rise in radians.
float3 on_lid(float aside, float rise_rad) {
  const float distance = std::sqrt(std::max(0.01F, skin_distance * skin_distance - aside * aside));
  const float3 way(aside, distance * std::sin(rise_rad), distance * std::cos(rise_rad));
  return eye.centre + way * eye.radius;
}

/// Half of the opening's height there.
float edge_rad(float aside, float open_rad) {
  const float out = aside / 0.7F;
  return open_rad * std::sqrt(std::max(0.0F, 1 - out * out));
}

/// Skin all around the eye but for an opening, which reaches 0.7 radii to each side.
test::Sheet lids(float open_rad) {
  test::Sheet sheet;
  constexpr std::uint32_t columns = 60, rows = 12;
  for (const float side : {1.0F, -1.0F}) {
    const auto first = static_cast<std::uint32_t>(sheet.places.size());
    for (std::uint32_t column = 0; column <= columns; ++column) {
      const float aside = 2.0F * static_cast<float>(column) / columns - 1;
      const float edge = edge_rad(aside, open_rad);
      for (std::uint32_t row = 0; row <= rows; ++row) {
        const float share = static_cast<float>(row) / rows;
        sheet.places.push_back(on_lid(aside, side * (edge + (1.4F - edge) * share)));
      }
    }
    for (std::uint32_t column = 0; column < columns; ++column) {
      for (std::uint32_t row = 0; row < rows; ++row) {
        const std::uint32_t at = first + column * (rows + 1) + row, next = at + rows + 1;
        sheet.triangles.insert(sheet.triangles.end(), {at, next, at + 1, at + 1, next, next + 1});
      }
    }
  }
  return sheet;
}

std::expected<EyeOpening, std::string_view> opening_of(const test::Sheet& sheet) {
  return EyeOpening::find(sheet.places, sheet.triangles, eye);
}

float rise_of(float3 place) {
  return std::atan2(place.y - eye.centre.y, place.z - eye.centre.z);
}

}  // namespace

TEST_CASE("Lids meet from corner to corner, mostly by the upper one") {
  const auto opening = opening_of(lids(0.4F));
  REQUIRE(opening);
  for (float aside = -0.6F; aside <= 0.6F; aside += 0.05F) {
    const float3 upper = on_lid(aside, edge_rad(aside, 0.4F));
    const float3 lower = on_lid(aside, -edge_rad(aside, 0.4F));
    const float3 from_above = upper + opening->way(upper), from_below = lower + opening->way(lower);
    CHECK(rise_of(from_above) <= rise_of(from_below) + 0.02F);
    CHECK(rise_of(from_above) > rise_of(from_below) - 0.1F);
  }
  const float3 upper = on_lid(0, 0.4F), lower = on_lid(0, -0.4F);
  CHECK(-opening->way(upper).y > 3 * opening->way(lower).y);
}

TEST_CASE("Lids stay out of the eye on their way") {
  const auto opening = opening_of(lids(0.45F));
  REQUIRE(opening);
  for (float aside = -0.65F; aside <= 0.65F; aside += 0.05F) {
    const float3 edge = on_lid(aside, edge_rad(aside, 0.45F));
    for (const float share : {0.25F, 0.5F, 0.75F, 1.0F})
      CHECK(length(edge + opening->way(edge) * share - eye.centre) > 0.995F * eye.radius);
  }
}

TEST_CASE("What is beyond the lids stays") {
  const auto opening = opening_of(lids(0.4F));
  REQUIRE(opening);
  CHECK(length(opening->way(on_lid(0, 1.2F))) == 0);
  CHECK(length(opening->way(on_lid(0.98F, 0))) < 0.001F);
  CHECK(length(opening->way(eye.centre + float3(0, 0, 5))) == 0);
  CHECK(length(opening->way(eye.centre - float3(0, 0, 2))) == 0);
}

TEST_CASE("Eyes that skin covers, and such as have no lids, are told") {
  CHECK(opening_of(lids(0)).error() == "skin covers the eyes");
  CHECK(opening_of({}).error() == "no lids are around the eyes");
}
