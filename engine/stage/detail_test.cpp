#include "engine/stage/detail.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>

using namespace vivavox;

namespace {

constexpr std::uint32_t side = 41;

/// A square of a unit's edge length, lightly waved, of 40 × 40 cells.
AvatarPart sheet() {
  AvatarPart part;
  for (std::uint32_t y = 0; y < side; ++y) {
    for (std::uint32_t x = 0; x < side; ++x) {
      constexpr float cell = 1.0F / (side - 1);
      const float2 at{cell * static_cast<float>(x), cell * static_cast<float>(y)};
      part.positions.push_back({at.x, at.y, 0.02F * std::sin(6 * at.x)});
      part.normals.push_back(normalize(float3(-0.12F * std::cos(6 * at.x), 0, 1)));
      part.joints.push_back({0, 1, 0, 0});
      part.weights.push_back({1, 0, 0, 0});
      if (x + 1 == side || y + 1 == side) continue;
      const std::uint32_t a = y * side + x;
      for (const std::uint32_t corner : {a, a + 1, a + side, a + 1, a + side + 1, a + side})
        part.indices.push_back(corner);
    }
  }
  return part;
}

constexpr float most_error = 0.002F;

std::set<std::uint32_t> used(const std::vector<std::uint32_t>& indices) {
  return {indices.begin(), indices.end()};
}

/// Twice the area that the sheet covers, seen from the front; what is turned around counts less
/// than nothing.
double covered(const AvatarPart& part, const std::vector<std::uint32_t>& indices) {
  double sum = 0;
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    const float3 a = part.positions[indices[i]];
    const double turn =
        cross(part.positions[indices[i + 1]] - a, part.positions[indices[i + 2]] - a).z;
    CHECK(turn > 0);
    sum += turn;
  }
  return sum;
}

Avatar avatar_of(const std::string& name) {
  std::ifstream file(VIVAVOX_ROOT "/shared/avatars/" + name + ".glb", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  REQUIRE(avatar);
  return *std::move(avatar);
}

std::size_t index_of(const Avatar& avatar, std::string_view target) {
  const auto& names = avatar.target_names;
  const auto found = std::ranges::find(names, target);
  REQUIRE(found != names.end());
  return found - names.begin();
}

/// Where a target, at its whole, puts the part's vertices.
std::vector<float3> shaped(const AvatarPart& part, std::size_t target) {
  std::vector<float3> places = part.positions;
  for (const MorphTarget& morph : part.targets) {
    if (morph.target != target) continue;
    for (std::size_t i = 0; i < morph.vertices.size(); ++i)
      places[morph.vertices[i]] += morph.positions[i];
  }
  return places;
}

/// The point of a segment that is nearest to `point`.
float3 nearest(float3 point, float3 a, float3 b) {
  const float3 along = b - a;
  const float share = dot(point - a, along) / std::max(dot(along, along), 1e-20F);
  return a + along * std::clamp(share, 0.0F, 1.0F);
}

/// How far a point is from triangles.
float distance(float3 point, std::span<const float3> places,
               std::span<const std::uint32_t> triangles) {
  constexpr float longest_edge = 0.03F;
  float least = std::numeric_limits<float>::max();
  for (std::size_t i = 0; i < triangles.size(); i += 3) {
    const float3 a = places[triangles[i]], b = places[triangles[i + 1]],
                 c = places[triangles[i + 2]];
    if (length(point - a) > least + longest_edge) continue;
    const float3 normal = cross(b - a, c - a);
    const auto is_inside = [&](float3 from, float3 to) {
      return dot(cross(to - from, point - from), normal) >= 0;
    };
    if (is_inside(a, b) && is_inside(b, c) && is_inside(c, a)) {
      least = std::min(least, std::abs(dot(point - a, normal)) / length(normal));
    } else {
      for (const float3 near : {nearest(point, a, b), nearest(point, b, c), nearest(point, c, a)})
        least = std::min(least, length(point - near));
    }
  }
  return least;
}

}  // namespace

TEST_CASE("Fewer triangles cover the same, none of them turned around") {
  const AvatarPart part = sheet();
  const auto fewer = coarser(part, most_error);
  CHECK(fewer.size() * 2 < part.indices.size());
  CHECK(covered(part, fewer) == Catch::Approx(2));
}

TEST_CASE("A border keeps every vertex") {
  const auto kept = used(coarser(sheet(), most_error));
  for (std::uint32_t i = 0; i < side; ++i) {
    for (const std::uint32_t vertex : {i, i * side, i * side + side - 1, side * (side - 1) + i})
      CHECK(kept.contains(vertex));
  }
}

TEST_CASE("What sticks out is kept") {
  AvatarPart part = sheet();
  constexpr std::uint32_t middle = side * (side / 2) + side / 2;
  part.positions[middle].z += 5 * most_error;
  CHECK(used(coarser(part, most_error)).contains(middle));
}

TEST_CASE("Nothing is left out where all can be seen") {
  const AvatarPart part = sheet();
  CHECK(coarser(part, 1e-6F) == part.indices);
}

TEST_CASE("What a morph target tears from its neighbours is kept, and so are these") {
  AvatarPart part = sheet();
  MorphTarget lifted;
  constexpr std::uint32_t first_row = side / 2;
  for (std::uint32_t vertex = first_row * side; vertex < side * side; ++vertex) {
    lifted.vertices.push_back(vertex);
    lifted.positions.push_back({0, 0, 0.3F});
  }
  part.targets.push_back(lifted);
  const auto kept = used(coarser(part, most_error));
  for (std::uint32_t x = 0; x < side; ++x) {
    CHECK(kept.contains((first_row - 1) * side + x));
    CHECK(kept.contains(first_row * side + x));
  }
}

TEST_CASE("Vertices that hang on different bones are kept") {
  AvatarPart part = sheet();
  for (std::uint32_t vertex = 0; vertex < side * side; ++vertex) {
    // All six neighbours hang on others.
    const std::uint32_t bone = (vertex % side + 2 * (vertex / side)) % 5;
    part.joints[vertex] = {static_cast<std::uint8_t>(bone), 0, 0, 0};
  }
  CHECK(coarser(part, most_error) == part.indices);
}

TEST_CASE("A texture's bend is kept") {
  AvatarPart part = sheet();
  for (const float3& place : part.positions) part.uvs.push_back(place.xy);
  constexpr std::uint32_t middle = side * (side / 2) + side / 2;
  part.uvs[middle].x += 5 * most_error;
  CHECK(used(coarser(part, most_error)).contains(middle));
}

TEST_CASE("Vivi's head takes two thirds of its triangles at 512 pixels, and stays where it was") {
  constexpr float pixel = 0.0006F;  // metres, of her face in the usual picture
  const Avatar vivi = avatar_of("vivi");
  const AvatarPart& head = *std::ranges::find(vivi.parts, "head", &AvatarPart::name);
  const auto fewer = coarser(head, pixel);
  CHECK(fewer.size() * 3 < head.indices.size() * 2);
  for (const std::string_view target : {"", "jawOpen", "mouthPucker", "eyeBlinkLeft"}) {
    INFO(target);
    const auto at = target.empty() ? head.positions : shaped(head, index_of(vivi, target));
    double sum = 0, count = 0, most = 0;
    const auto kept = used(fewer);
    for (const std::uint32_t vertex : used(head.indices)) {
      if (kept.contains(vertex)) continue;
      const double off = distance(at[vertex], at, fewer);
      sum += off;
      most = std::max(most, off);
      ++count;
    }
    CHECK(sum / count < 0.25 * pixel);
    CHECK(most < 2 * pixel);
  }
}
