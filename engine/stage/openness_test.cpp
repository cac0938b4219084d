#include "engine/stage/openness.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

constexpr Region all{.centre = {0, 0, 0}, .radius = 2};

/// Adds a square of small squares: from a corner along two sides, `side` squares each way.
void add_sheet(Solid& solid, float3 corner, float3 along, float3 across, int side) {
  const float3 normal = normalize(cross(along, across));
  const auto first = static_cast<std::uint32_t>(solid.positions.size());
  const auto row = static_cast<std::uint32_t>(side + 1);
  for (int i = 0; i <= side; ++i) {
    for (int k = 0; k <= side; ++k) {
      solid.positions.push_back(corner + along * (float(k) / float(side)) +
                                across * (float(i) / float(side)));
      solid.normals.push_back(normal);
    }
  }
  for (std::uint32_t i = first; i < first + row * row; ++i) solid.receivers.push_back(i);
  for (std::uint32_t i = 0; i + 1 < row; ++i) {
    for (std::uint32_t k = 0; k + 1 < row; ++k) {
      const std::uint32_t at = first + i * row + k;
      for (const std::uint32_t corner_of : {at, at + 1, at + row, at + row, at + 1, at + row + 1}) {
        solid.indices.push_back(corner_of);
      }
    }
  }
}

std::vector<float> openness(const Solid& solid, int directions, int side_px) {
  Openness openness(std::make_shared<const Solid>(solid), all, directions, side_px);
  while (openness.look()) continue;
  return openness.shares();
}

/// The openness of the vertex nearest to a place.
float open_at(const Solid& solid, float3 place) {
  const auto open = openness(solid, 96, 200);
  std::size_t nearest = 0;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (distance(solid.positions[i], place) < distance(solid.positions[nearest], place))
      nearest = i;
  }
  return open[nearest];
}

}  // namespace

TEST_CASE("a floor under the open sky sees all of it") {
  Solid solid;
  add_sheet(solid, {-1, 0, 1}, {2, 0, 0}, {0, 0, -2}, 10);
  for (const float open : openness(solid, 48, 160)) CHECK(open > 0.99F);
}

TEST_CASE("what stands at a high wall sees half of the sky") {
  Solid solid;
  add_sheet(solid, {-1, 0, 1}, {2, 0, 0}, {0, 0, -2}, 10);           // the floor
  add_sheet(solid, {-1.3F, 0, -1}, {2.6F, 0, 0}, {0, 1.3F, 0}, 10);  // a wall at its far side
  const float foot = open_at(solid, {0, 0, -0.8F});
  CHECK(foot > 0.5F);
  CHECK(foot < 0.72F);
  CHECK(open_at(solid, {0, 0, 1}) > 0.9F);
}

TEST_CASE("the bottom of a narrow pit sees little") {
  Solid solid;
  add_sheet(solid, {-0.1F, 0, 0.1F}, {0.2F, 0, 0}, {0, 0, -0.2F}, 4);
  add_sheet(solid, {-0.1F, 0, -0.1F}, {0.2F, 0, 0}, {0, 0.5F, 0}, 8);
  add_sheet(solid, {0.1F, 0, 0.1F}, {-0.2F, 0, 0}, {0, 0.5F, 0}, 8);
  add_sheet(solid, {-0.1F, 0, 0.1F}, {0, 0, -0.2F}, {0, 0.5F, 0}, 8);
  add_sheet(solid, {0.1F, 0, -0.1F}, {0, 0, 0.2F}, {0, 0.5F, 0}, 8);
  CHECK(open_at(solid, {0, 0, 0}) < 0.15F);
}

TEST_CASE("what lies outside of the region is open, and holds nothing off") {
  Solid solid;
  add_sheet(solid, {-1, 0, 1}, {2, 0, 0}, {0, 0, -2}, 10);
  add_sheet(solid, {-9, 3, -9}, {18, 0, 0}, {0, 0, 18}, 2);  // a roof, far above
  const auto open = openness(solid, 48, 160);
  for (const float one : open) CHECK(one > 0.99F);
}
