#include "engine/stage/node_constraints.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;

namespace {

std::string constraint(const std::string& kind, const std::string& members) {
  return R"(,"extensions":{"VRMC_node_constraint":{"specVersion":"1.0","constraint":{")" + kind +
         R"(":{)" + members + "}}}}";
}

/// A head (1), and beside it the nodes 3 and 4, each with what the test gives it.
Avatar read_following(const std::string& third, const std::string& fourth = "",
                      const std::string& head = "") {
  auto avatar = read_avatar(test::face_glb(
      {.nodes = R"({"name":"Neck","children":[1,3,4]},{"name":"Head","translation":[0,1,0],)"
                R"("children":[2])" +
                head + R"(},{"name":"face","mesh":0},{"name":"a")" + third + R"(},{"name":"b")" +
                fourth + "}"}));
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

std::size_t place_of(const Avatar& avatar, std::size_t file_index) {
  const auto found = std::ranges::find(avatar.nodes, file_index, &AvatarNode::file_index);
  return static_cast<std::size_t>(found - avatar.nodes.begin());
}

/// The node of this file index, as it is turned in its parent while the head is so.
mat4f turned(const Avatar& avatar, std::size_t file_index, const Rotation& head) {
  FacePose pose;
  pose.head = head;
  return Rig(avatar).local_transforms(avatar, pose)[place_of(avatar, file_index)];
}

bool is_turn(const mat4f& transform, const quatf& expected) {
  const mat4f wanted(expected);
  for (std::size_t k = 0; k < 3; ++k) {
    if (length(transform[k].xyz - wanted[k].xyz) > 1e-5F) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("A rotation constraint turns as its source does, by its weight") {
  const Rotation head{.yaw_rad = 0.6F};
  const Avatar whole = read_following(constraint("rotation", R"("source":1)"));
  CHECK(whole.notes.empty());
  CHECK(is_turn(turned(whole, 3, head), quaternion(head)));
  CHECK(is_turn(turned(whole, 3, {}), {1, 0, 0, 0}));
  const Avatar half = read_following(constraint("rotation", R"("source":1,"weight":0.5)"));
  CHECK(is_turn(turned(half, 3, head), quaternion({.yaw_rad = 0.3F})));
}

TEST_CASE("A rotation constraint is of both nodes' own axes, from their rest") {
  // At rest both are turned, each in its way.
  const Avatar avatar = read_following(
      R"(,"rotation":[0.7071068,0,0,0.7071068])" + constraint("rotation", R"("source":1)"), "",
      R"(,"rotation":[0,0,0.7071068,0.7071068])");
  const quatf rest(0.7071068F, 0.7071068F, 0, 0), of_head(0.7071068F, 0, 0, 0.7071068F);
  CHECK(is_turn(turned(avatar, 3, {}), rest));
  const Rotation head{.yaw_rad = 0.4F};
  const quatf turn = inverse(of_head) * quaternion(head) * of_head;
  CHECK(is_turn(turned(avatar, 3, head), rest * turn));
}

TEST_CASE("A roll constraint takes the turn about its axis alone") {
  const Avatar avatar = read_following(constraint("roll", R"("source":1,"rollAxis":"Y")"));
  CHECK(is_turn(turned(avatar, 3, {.yaw_rad = 0.5F}), quaternion({.yaw_rad = 0.5F})));
  CHECK(is_turn(turned(avatar, 3, {.pitch_rad = 0.5F}), {1, 0, 0, 0}));
  CHECK(is_turn(turned(avatar, 3, {.roll_rad = -0.5F}), {1, 0, 0, 0}));
}

TEST_CASE("An aim constraint points its axis to its source, by the smallest turn") {
  // Under the head (0, 1, 0), which nods by a quarter turn: the face's node (2) comes down in
  // front.
  const Avatar avatar = read_following(constraint("aim", R"("source":2,"aimAxis":"PositiveY")"));
  CHECK(is_turn(turned(avatar, 3, {}), {1, 0, 0, 0}));
  auto beside = read_avatar(test::face_glb(
      {.nodes = R"({"name":"Neck","children":[1,3]},{"name":"Head","translation":[0,1,0],)"
                R"("children":[2]},{"name":"face","mesh":0,"translation":[0,1,0]},)"
                R"({"name":"a","translation":[0,1,-1])" +
                constraint("aim", R"("source":2,"aimAxis":"NegativeZ")") + "}"}));
  REQUIRE(beside);
  // The source lies at (0, 1, 1) from here: −Z towards it is half a turn.
  const mat4f at = turned(*beside, 3, {.pitch_rad = 1.5707963F});
  CHECK(length(at[2].xyz - float3(0, 0, -1)) < 1e-5F);
  const mat4f up = turned(*beside, 3, {});
  CHECK(length(-up[2].xyz - normalize(float3(0, 1, 1))) < 1e-5F);
}

TEST_CASE("Constraints that follow others come after them, whatever their order in the file") {
  const Avatar avatar = read_following(constraint("rotation", R"("source":4,"weight":0.5)"),
                                       constraint("rotation", R"("source":1)"));
  CHECK(avatar.notes.empty());
  CHECK(is_turn(turned(avatar, 3, {.yaw_rad = 0.6F}), quaternion({.yaw_rad = 0.3F})));
}

TEST_CASE("What stands otherwise than the modeller has it is followed from there") {
  auto avatar = read_avatar(
      test::face_glb({.nodes = R"({"name":"Head","children":[1,2,4]},{"name":"face","mesh":0},)"
                               R"({"name":"LeftArm","translation":[0.2,-0.5,0],"children":[3]},)"
                               R"({"name":"hand","translation":[0.5,0,0]},{"name":"sleeve")" +
                               constraint("rotation", R"("source":2)") + "}"}));
  REQUIRE(avatar);
  // The arm hangs down now, and so does the sleeve.
  CHECK(is_turn(turned(*avatar, 4, {}), avatar->nodes[place_of(*avatar, 2)].rotation));
  CHECK(std::abs(avatar->nodes[place_of(*avatar, 2)].rotation.w) < 0.9F);
}

TEST_CASE("Constraints that are damaged or go round are left out, which is noted") {
  const auto left_out = [](const Avatar& avatar, std::size_t count) {
    return avatar.notes.size() == 1 && avatar.notes[0].starts_with(std::to_string(count) + " node");
  };
  CHECK(left_out(read_following(constraint("rotation", R"("source":3)")), 1));
  CHECK(left_out(read_following(constraint("rotation", R"("source":77)")), 1));
  CHECK(left_out(read_following(constraint("rotation", "")), 1));
  CHECK(left_out(read_following(constraint("roll", R"("source":1,"rollAxis":"W")")), 1));
  CHECK(left_out(read_following(constraint("aim", R"("source":1)")), 1));
  const Avatar round = read_following(constraint("rotation", R"("source":4)"),
                                      constraint("rotation", R"("source":3)"));
  CHECK(left_out(round, 2));
  // Where it points moves with itself.
  CHECK(left_out(read_following("", "", constraint("aim", R"("source":2,"aimAxis":"PositiveX")")),
                 1));
  CHECK_FALSE(read_avatar(
      test::face_glb({.nodes = R"({"name":"a","mesh":0)" +
                               constraint("rotation", R"("source":0,"weight":"much")") + "}"})));
}
