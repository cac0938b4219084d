#include "engine/stage/framing.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

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

TEST_CASE("A tall picture steps back so that the shoulders stay in") {
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
