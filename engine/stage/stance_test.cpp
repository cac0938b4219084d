#include "engine/stage/stance.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

/// Where an avatar's hands are, whose left arm points along `left` in the file and whose right arm
/// is its mirror image; both 0.6 long, from shoulders at (±0.2, 1.4, 0).
struct Hands {
  float3 left, right;
};

Hands hands(float3 left, const std::string& left_arm = "LeftArm",
            const std::string& right_arm = "RightArm", const std::string& extra = "") {
  const float3 way = normalize(left) * 0.3F;
  const auto node = [](const std::string& name, float3 at, const std::string& more) {
    return R"({"name":")" + name + R"(","translation":[)" + std::to_string(at.x) + "," +
           std::to_string(at.y) + "," + std::to_string(at.z) + "]" + more + "}";
  };
  const float3 mirrored(-way.x, way.y, way.z);
  // The shoulders' own axes are turned, as those of most rigs are.
  auto avatar = read_avatar(test::face_glb(
      {.nodes = R"({"name":"Hips","mesh":0,"rotation":[0,0.7071068,0,0.7071068],"children":[1]},)"
                R"({"name":"Chest","rotation":[0,-0.7071068,0,0.7071068],"children":[2,5]},)" +
                node(left_arm, {0.2F, 1.4F, 0}, R"(,"children":[3])") + "," +
                node("LeftForeArm", way, R"(,"children":[4])") + "," + node("LeftHand", way, "") +
                "," + node(right_arm, {-0.2F, 1.4F, 0}, R"(,"children":[6])") + "," +
                node("RightForeArm", mirrored, R"(,"children":[7])") + "," +
                node("RightHand", mirrored, ""),
       .extra = extra}));
  if (!avatar) FAIL(avatar.error().message);
  const auto world = rest_transforms(*avatar);
  const auto place = [&](std::string_view name) {
    const auto found = std::ranges::find(avatar->nodes, name, &AvatarNode::name);
    return world[static_cast<std::size_t>(found - avatar->nodes.begin())][3].xyz;
  };
  return {.left = place("LeftHand"), .right = place("RightHand")};
}

}  // namespace

TEST_CASE("Arms that are spread hang beside the body") {
  for (const float3 pose : {float3{1, 0, 0}, float3{1, -1, 0}, float3{1, 0.2F, -0.3F}}) {
    const Hands at = hands(pose);
    CAPTURE(pose.x, pose.y, pose.z);
    CHECK(at.left.y < 0.85F);
    CHECK(at.left.x > 0.25F);
    CHECK(at.left.x < 0.35F);
    CHECK(at.right.x == Approx(-at.left.x).margin(1e-5));
    CHECK(at.right.y == Approx(at.left.y).margin(1e-5));
  }
}

TEST_CASE("Arms that hang, or greet, stay as they are") {
  const Hands hanging = hands({0.1F, -1, 0});
  CHECK(hanging.left.x == Approx(0.2F + 0.6F * 0.0995F).margin(1e-3));
  CHECK(hands({0.1F, 1, 0}).left.y == Approx(1.4F + 0.6F * 0.995F).margin(1e-3));
}

TEST_CASE("Arms are found by the names of several makers, or as a VRM file declares them") {
  CHECK(hands({1, 0, 0}, "mixamorig:LeftArm", "mixamorig:RightArm").left.y < 0.9F);
  CHECK(hands({1, 0, 0}, "J_Bip_L_UpperArm", "J_Bip_R_UpperArm").left.y < 0.9F);
  CHECK(hands({1, 0, 0}, "DEF-upper_arm.L", "DEF-upper_arm.R").left.y < 0.9F);
  CHECK(hands({1, 0, 0}, "a", "b").left.y == Approx(1.4F));
  const std::string declared =
      R"(,"extensions":{"VRMC_vrm":{"humanoid":{"humanBones":{"leftUpperArm":{"node":2}}}}})";
  const Hands one = hands({1, 0, 0}, "a", "b", declared);
  CHECK(one.left.y < 0.9F);
  CHECK(one.right.y == Approx(1.4F));
}
