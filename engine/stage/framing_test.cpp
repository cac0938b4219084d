#include "engine/stage/framing.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

TEST_CASE("The head is what hangs on the head joint, in any unit of length") {
  for (const float scale : {0.01F, 1.0F, 100.0F}) {
    auto avatar = read_avatar(test::face_glb({.nodes = R"({"name":"Head","mesh":0})"}));
    REQUIRE(avatar);
    avatar->nodes[0].scale = float3(scale);
    const HeadPlace head = find_head(*avatar, find_joints(*avatar));
    CHECK(head.height == Approx(scale));
    CHECK(head.centre.y == Approx(scale / 2));
    CHECK(transformed(to_stage(head), {0, scale, 0}).y == Approx(0.5F));
  }
}

TEST_CASE("Without a head joint, what morph targets move is taken for the head") {
  auto avatar = read_avatar(test::face_glb({.nodes = R"({"name":"thing","mesh":0})"}));
  REQUIRE(avatar);
  CHECK(find_head(*avatar, {}).height == Approx(1));
}

namespace {

/// How far up in the picture a height on the stage is, 0 to 1, in the middle.
double up_at(const CameraPlace& camera, double y) {
  const double distance = length(camera.eye - camera.target);
  const double height = 2 * distance * std::tan(camera.vertical_field_deg / 360 * std::numbers::pi);
  return 0.5 + (y - camera.target.y) / height;
}

}  // namespace

TEST_CASE("Hair that is higher than the picture is in it all the same, and the head stays large") {
  const Shot shot = shot_of(View::front);
  const double usual = up_at(camera_for(shot, 1), 0.5);
  CHECK(up_at(camera_for(shot, 1, {.bottom = -2, .top = 0.55F}), 0.5) == Approx(usual));
  const CameraPlace bun = camera_for(shot, 1, {.bottom = -2, .top = 0.9F});
  CHECK(up_at(bun, 0.9) < 1);
  CHECK(up_at(bun, 0.9) > 0.93);
  // What is below is cut where it was.
  CHECK(up_at(bun, -0.87) == Approx(0).margin(1e-3));
}

TEST_CASE("A full view has all of the avatar in it, in any picture") {
  const Extent extent{.bottom = -6, .top = 0.6F, .half_width = 1.5F};
  for (const double aspect : {0.4, 1.0, 2.0}) {
    const CameraPlace camera = camera_for(shot_of(View::full), aspect, extent);
    CHECK(up_at(camera, -6) > 0);
    CHECK(up_at(camera, 0.6) < 1);
    const double half_height = length(camera.eye - camera.target) *
                               std::tan(camera.vertical_field_deg / 360 * std::numbers::pi);
    CHECK(half_height * aspect > 1.5);
  }
}

TEST_CASE("Eyes are as far up in a tall picture as in a wide one") {
  const Shot shot = shot_of(View::front);
  CHECK(up_at(camera_for(shot, 0.5), 0) == Approx(up_at(camera_for(shot, 2), 0)).margin(1e-3));
}

TEST_CASE("A tall picture steps back so that the hair stays in") {
  const CameraPlace wide = camera_for(shot_of(View::front), 16.0 / 9);
  const CameraPlace tall = camera_for(shot_of(View::front), 9.0 / 16);
  CHECK(length(tall.eye - tall.target) > length(wide.eye - wide.target));
}

TEST_CASE("Views go round towards the character's left") {
  CHECK(camera_for(shot_of(View::three_quarter), 1).eye.x > 0.5F);
  CHECK(camera_for(shot_of(View::profile), 1).eye.z == Approx(0).margin(1e-5));
}

TEST_CASE("What is hidden does not count for the head") {
  auto avatar = read_avatar(test::trait_glb());
  REQUIRE(avatar);
  CHECK(find_head(*avatar, {}).height == Approx(1.5F));
  CHECK(find_head(*avatar, {}, {false, true}).height == Approx(1));
}
