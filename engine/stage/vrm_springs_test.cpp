#include "engine/stage/vrm_springs.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

/// Head (1) with a strand (3, 4, 5) of which the middle may be skipped, and a face.
constexpr const char* nodes =
    R"({"name":"Neck","children":[1]},{"name":"Head","translation":[0,1,0],"children":[2,3]},)"
    R"({"name":"face","mesh":0},{"name":"a","translation":[0,0.5,0],"children":[4]},)"
    R"({"name":"b","translation":[0,-0.1,0],"children":[5]},{"name":"c","translation":[0,-0.2,0]})";

Result<Avatar> read_vrm_file(const std::string& extensions) {
  return read_avatar(
      test::face_glb({.nodes = nodes, .extra = R"(,"extensions":{)" + extensions + "}"}));
}

Avatar with_springs(const std::string& members) {
  auto avatar = read_vrm_file(R"("VRMC_springBone":{"specVersion":"1.0",)" + members + "}");
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

Avatar with_old_springs(const std::string& members) {
  auto avatar = read_vrm_file(R"("VRM":{"secondaryAnimation":{)" + members + "}}");
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

std::string chain(const std::string& joints) {
  return R"("springs":[{"joints":[)" + joints + "]}]";
}

std::size_t file_index(const Avatar& avatar, std::size_t node) {
  return avatar.nodes[node].file_index;
}

std::string repeated(const std::string& text, int times) {
  std::string all = text;
  for (int i = 1; i < times; ++i) all += "," + text;
  return all;
}

}  // namespace

TEST_CASE("A spring of VRM 1.0 turns each joint but its last, by its own figures") {
  const Avatar avatar = with_springs(
      R"("colliders":[{"node":1,"shape":{"sphere":{"offset":[0,0.1,0],"radius":0.2}}},)"
      R"({"node":0,"shape":{"capsule":{"offset":[1,0,0],"radius":0.3,"tail":[1,2,0]}}}],)"
      R"("colliderGroups":[{"colliders":[1]},{"colliders":[0]}],)"
      R"("springs":[{"center":1,"colliderGroups":[1,0],"joints":[{"node":3,"stiffness":2,)"
      R"("dragForce":0.3,"gravityPower":0.5,"gravityDir":[0,0,1],"hitRadius":0.01},)"
      R"({"node":4},{"node":5}]}])");
  CHECK(avatar.notes.empty());
  REQUIRE(avatar.springs.size() == 2);
  CHECK(file_index(avatar, avatar.springs[1].center.value()) == 1);
  CHECK(file_index(avatar, avatar.springs[0].node) == 3);
  CHECK(avatar.springs[0].tail.y == Approx(-0.1F));
  CHECK(avatar.springs[0].stiffness == 2);
  CHECK(avatar.springs[0].drag == Approx(0.3F));
  CHECK(avatar.springs[0].gravity.z == Approx(0.5F));
  CHECK(avatar.springs[0].radius == Approx(0.01F));
  CHECK(avatar.springs[1].stiffness == 1);
  CHECK(avatar.springs[1].drag == 0.5F);
  CHECK(length(avatar.springs[1].gravity) == 0);
  const auto& group = avatar.collider_groups[avatar.springs[1].group];
  REQUIRE(group.size() == 2);
  const SpringCollider& ball = avatar.colliders[group[0]];
  CHECK(file_index(avatar, ball.node) == 1);
  CHECK(ball.radius == Approx(0.2F));
  CHECK(ball.from.y == ball.to.y);
  CHECK(avatar.colliders[group[1]].to.y == 2);
}

TEST_CASE("A spring reaches over nodes that it does not name") {
  const Avatar avatar = with_springs(chain(R"({"node":3},{"node":5})"));
  REQUIRE(avatar.springs.size() == 1);
  CHECK(avatar.springs[0].tail.y == Approx(-0.3F));
}

TEST_CASE("A group of VRM 0.x turns all that is below its bones") {
  const Avatar avatar = with_old_springs(
      R"("colliderGroups":[{"node":1,"colliders":[{"offset":{"x":0.1,"y":0.2,"z":0.3},"radius":0.4}]}],)"
      R"("boneGroups":[{"stiffiness":0.7,"gravityPower":0.2,"gravityDir":{"x":0.5,"y":-1,"z":0.25},)"
      R"("dragForce":0.4,"center":-1,"hitRadius":0.02,"bones":[3],"colliderGroups":[0]}])");
  CHECK(avatar.notes.empty());
  REQUIRE(avatar.springs.size() == 3);
  CHECK_FALSE(avatar.springs[0].center);
  CHECK(avatar.springs[0].stiffness == Approx(0.7F));
  CHECK(avatar.springs[0].tail.y == Approx(-0.1F));
  CHECK(avatar.springs[1].tail.y == Approx(-0.2F));
  // Nothing follows: 7 cm further on.
  CHECK(avatar.springs[2].tail.y == Approx(-0.07F));
  // Unity looks along +Z as the avatar does here; its +X is to the other side.
  CHECK(avatar.springs[0].gravity.x == Approx(-0.1F));
  CHECK(avatar.springs[0].gravity.y == Approx(-0.2F));
  CHECK(avatar.springs[0].gravity.z == Approx(0.05F));
  REQUIRE(avatar.colliders.size() == 1);
  CHECK(avatar.colliders[0].from.x == Approx(0.1F));
  CHECK(avatar.colliders[0].from.z == Approx(-0.3F));
}

TEST_CASE("Springs whose joints are no chain are left out, which is noted") {
  for (const char* joints : {
           R"({"node":5},{"node":3})",             // upwards
           R"({"node":3},{"node":4},{"node":3})",  // round
           R"({"node":3},{"node":3})",
           R"({"node":2},{"node":4})",  // beside
           R"({"node":3},{"node":77})",
           R"({"node":3},{})",
           "1,2",
       }) {
    CAPTURE(joints);
    const Avatar avatar = with_springs(chain(joints));
    CHECK(avatar.springs.empty());
    REQUIRE(avatar.notes.size() == 1);
    CHECK(avatar.notes[0].contains("left out"));
  }
}

TEST_CASE("No node swings twice") {
  const Avatar now = with_springs(
      R"("springs":[{"joints":[{"node":3},{"node":4}]},{"joints":[{"node":3},{"node":5}]},)"
      R"({"joints":[{"node":4},{"node":5}]}])");
  CHECK(now.springs.size() == 2);
  CHECK(now.notes.size() == 1);
  const Avatar old = with_old_springs(R"("boneGroups":[{"bones":[4,3,4]},{"bones":[3]}])");
  CHECK(old.springs.size() == 3);
}

TEST_CASE("Figures that cannot be are brought to what can") {
  const Avatar avatar = with_springs(
      chain(R"({"node":3,"stiffness":-1,"dragForce":9,"hitRadius":-2,"gravityPower":1e30,)"
            R"("gravityDir":[0,-1e20,0]},{"node":4})"));
  const SpringJoint& joint = avatar.springs.at(0);
  CHECK(joint.stiffness == 0);
  CHECK(joint.drag == 1);
  CHECK(joint.radius == 0);
  CHECK(joint.gravity.y == Approx(-1000));
  const auto refused = read_vrm_file(R"("VRMC_springBone":{"springs":[{"joints":[{"node":3,)"
                                     R"("stiffness":1e999},{"node":4}]}]})");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_avatar);
}

TEST_CASE("Colliders that are not there keep nothing out, and the others keep their numbers") {
  const Avatar avatar =
      with_springs(R"("colliders":[7,{"node":99},{"node":1,"shape":{"sphere":{"radius":0.2}}}],)"
                   R"("colliderGroups":[{"colliders":[0,1,2]}],)"
                   R"("springs":[{"colliderGroups":[0,5],"joints":[{"node":3},{"node":4}]}])");
  CHECK(avatar.notes.size() == 1);
  REQUIRE(avatar.springs.size() == 1);
  const auto& group = avatar.collider_groups[avatar.springs[0].group];
  REQUIRE(group.size() == 3);
  CHECK(avatar.colliders[group[0]].radius < 0);
  CHECK(avatar.colliders[group[2]].radius == Approx(0.2F));
  CHECK_FALSE(read_vrm_file(R"("VRMC_springBone":{"colliderGroups":[{"colliders":[0]}]})"));
}

TEST_CASE("More than any avatar has swings not at all, which is noted") {
  const auto still = [](const Avatar& avatar) {
    return avatar.springs.empty() && avatar.notes.size() == 1 &&
           avatar.notes[0].contains("do not swing");
  };
  CHECK(still(with_springs(R"("springs":[)" + repeated(R"({"joints":[{}]})", 1001) + "]")));
  CHECK_FALSE(still(with_springs(R"("springs":[)" + repeated(R"({"joints":[{}]})", 1000) + "]")));
  const std::string ball = R"({"node":1,"shape":{"sphere":{"radius":0.2}}})";
  const std::string many = R"("colliders":[)" + repeated(ball, 20) +
                           R"(],"colliderGroups":[{"colliders":[)" + repeated("0,1,2,3,4", 200) +
                           R"(]}],"springs":[{"joints":[{"node":3},{"node":4}],"colliderGroups":[)";
  CHECK_FALSE(still(with_springs(many + repeated("0", 25) + "]}]")));
  CHECK(still(with_springs(many + repeated("0", 26) + "]}]")));
  CHECK(still(with_old_springs(R"("colliderGroups":[{"node":1,"colliders":[)" +
                               repeated(R"({"radius":1})", 50'001) +
                               R"(]}],"boneGroups":[{"bones":[3]}])")));
}
