#include "engine/stage/irises.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numbers>

using namespace vivavox;
using Catch::Approx;

namespace {

constexpr float left_u = 0.25F, right_u = 0.75F, scale = 0.2F;

/// One eyeball of the radius 2 at `x`, from whose texture's `middle` one sees it from the front,
/// or laid around it as a globe's.
void add_eyeball(AvatarPart& part, float x, float2 middle, bool is_globe) {
  constexpr int rings = 20, around = 24;
  for (int ring = 0; ring <= rings; ++ring) {
    for (int turn = 0; turn < around; ++turn) {
      const float polar = std::numbers::pi_v<float> * float(ring) / rings;
      const float about = 2 * std::numbers::pi_v<float> * float(turn) / around;
      const float3 n{std::sin(polar) * std::cos(about), std::sin(polar) * std::sin(about),
                     std::cos(polar)};
      part.normals.push_back(n);
      part.positions.push_back(float3(x, 1, 0) + 2.0F * n);
      part.uvs.push_back(is_globe ? float2(about, polar) : middle + scale * float2(n.x, -n.y));
    }
  }
  part.joints.resize(part.positions.size(), {0, 0, 0, 0});
}

Avatar eyes(bool are_globes) {
  Avatar avatar;
  AvatarPart part;
  part.bones = {Bone{}};
  add_eyeball(part, 3, {left_u, 0.5F}, are_globes);
  add_eyeball(part, -3, {right_u, 0.5F}, are_globes);
  avatar.parts = {part};
  return avatar;
}

}  // namespace

TEST_CASE("irises are found in a texture that both eyes have their own half of") {
  const mat4f world[] = {mat4f()};
  const Irises irises = find_irises(eyes(false), 0, world, mat4f::scaling(10.0F));
  CHECK(irises.pupils.x == Approx(right_u).margin(0.003));
  CHECK(irises.pupils.y == Approx(0.5F).margin(0.003));
  CHECK(irises.pupils.z == Approx(left_u).margin(0.003));
  CHECK(irises.radius == Approx(scale * std::sin(0.505F)).epsilon(0.02));
  // The flat disc in the ball, of a radius of 20 on the stage.
  CHECK(irises.depth == Approx(20 * (1 - std::cos(0.505F))).epsilon(0.03));
}

TEST_CASE("irises are not looked for in a texture that is laid around the ball, nor without eyes") {
  const mat4f world[] = {mat4f()};
  CHECK(find_irises(eyes(true), 0, world, mat4f()).depth == 0);
  CHECK(find_irises(eyes(false), 1, world, mat4f()).depth == 0);
}
