#include "engine/stage/blend.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

AvatarPart square() {
  auto avatar = read_avatar(test::face_glb());
  REQUIRE(avatar);
  return avatar->parts[0];
}

/// Where the part's vertex stands after blending.
float3 place(const BlendedPart& blended, std::uint32_t vertex) {
  for (std::size_t i = 0; i < blended.source().size(); ++i) {
    if (blended.source()[i] == vertex) return blended.positions()[i];
  }
  FAIL("vertex is missing");
  return {};
}

/// The normal that the shader unpacks at the part's vertex.
float3 normal(const BlendedPart& blended, std::uint32_t vertex) {
  for (std::size_t i = 0; i < blended.source().size(); ++i) {
    if (blended.source()[i] != vertex) continue;
    const TangentFrame& frame = blended.frames()[i];
    const quatf q =
        normalize(quatf(float(frame[3]), float(frame[0]), float(frame[1]), float(frame[2])));
    return q * float3(0, 0, 1);
  }
  FAIL("vertex is missing");
  return {};
}

}  // namespace

TEST_CASE("Weights add up displacements") {
  BlendedPart blended(square());
  CHECK(blended.blend(std::array{0.5F, 0.25F}));
  CHECK(place(blended, 0).z == Approx(0.5F));
  CHECK(place(blended, 0).x == Approx(0.25F));
  CHECK(place(blended, 2).x == Approx(1.25F));
  CHECK(place(blended, 2).z == Approx(0));
}

TEST_CASE("Weight zero is the rest shape again, to the bit") {
  const AvatarPart part = square();
  BlendedPart blended(part);
  const std::vector<TangentFrame> frames(blended.frames().begin(), blended.frames().end());
  blended.blend(std::array{0.7F, 0.3F});
  blended.blend(std::array{0.0F, 0.0F});
  for (std::uint32_t vertex = 0; vertex < 4; ++vertex) {
    CHECK(place(blended, vertex) == part.positions[vertex]);
  }
  CHECK(std::vector<TangentFrame>(blended.frames().begin(), blended.frames().end()) == frames);
}

TEST_CASE("Normals turn with the surface where the file gives no normals") {
  BlendedPart blended(square());
  blended.blend(std::array{1.0F, 0.0F});
  // Corner 0 rises by one: the triangle 0 1 2 then lies in the plane through
  // (0,0,1), (1,0,0), (1,1,0), whose normal is (1,0,1) ÷ √2.
  const float3 turned = normal(blended, 1);
  CHECK(turned.x == Approx(std::sqrt(0.5)).margin(1e-3));
  CHECK(turned.z == Approx(std::sqrt(0.5)).margin(1e-3));
  blended.blend(std::array{0.0F, 1.0F});
  CHECK(normal(blended, 1).z == Approx(1).margin(1e-3));
}

TEST_CASE("The same weights again change nothing") {
  BlendedPart blended(square());
  CHECK(blended.blend(std::array{0.5F, 0.0F}));
  CHECK_FALSE(blended.blend(std::array{0.5F, 0.0F}));
}

TEST_CASE("Vertices that move come first, and triangles stay the same") {
  AvatarPart part = square();
  part.targets.erase(part.targets.begin() + 1);
  part.positions.push_back({5, 5, 5});  // a vertex that nothing moves, and no triangle uses
  part.normals.push_back({0, 0, 1});
  part.uvs.emplace_back();
  part.joints.emplace_back();
  part.weights.emplace_back(1.0F, 0.0F, 0.0F, 0.0F);
  const BlendedPart blended(part);
  CHECK(blended.moving_count() == 4);
  const std::vector<std::uint32_t> placed = blended.placed(part.indices);
  for (std::size_t i = 0; i < part.indices.size(); ++i) {
    CHECK(blended.source()[placed[i]] == part.indices[i]);
  }
}

TEST_CASE("A lasting shape lies under every pose, and is left to the bit") {
  AvatarPart part = square();
  part.targets[0].is_lasting = true;
  BlendedPart blended(part);
  const std::vector<TangentFrame> frames(blended.frames().begin(), blended.frames().end());
  CHECK(blended.reshape(std::array{1.0F, 0.0F}));
  CHECK_FALSE(blended.reshape(std::array{1.0F, 0.7F}));
  CHECK(blended.blend(std::array{0.0F, 0.5F}));
  CHECK(place(blended, 0).z == Approx(1));
  CHECK(place(blended, 0).x == Approx(0.5F));
  CHECK(normal(blended, 1).x == Approx(std::sqrt(0.5)).margin(1e-3));
  CHECK(blended.reshape(std::array{0.0F, 0.0F}));
  for (std::uint32_t vertex = 0; vertex < 4; ++vertex)
    CHECK(place(blended, vertex) == part.positions[vertex]);
  CHECK(std::vector<TangentFrame>(blended.frames().begin(), blended.frames().end()) == frames);
}

TEST_CASE("What lasting targets alone move costs poses nothing") {
  AvatarPart part = square();
  part.targets[1].is_lasting = true;
  // Corner 0 alone: its neighbours' normals come with the file.
  part.targets[0].normals = {float3(0.0F)};
  const BlendedPart blended(part);
  CHECK(blended.moving_count() == 1);
  CHECK(blended.changing_count() == 4);
}
