#include "engine/stage/lids.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <numbers>

#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

/// Where a vertex is on a ball of radius 1 around an eye's middle.
float3 on_ball(float rise_rad, float aside_rad) {
  return {std::sin(aside_rad), std::sin(rise_rad) * std::cos(aside_rad),
          std::cos(rise_rad) * std::cos(aside_rad)};
}

/// A strip of skin on that ball between two heights, hung on the node.
AvatarPart strip(std::size_t node, float3 middle, float low_rad, float high_rad,
                 std::span<const mat4f> world) {
  AvatarPart part{.name = "strip", .material = 0};
  part.bones = {{.node = node, .inverse_bind = inverse(world[node])}};
  for (const float rise : {low_rad, (low_rad + high_rad) / 2, high_rad}) {
    for (const float aside : {-0.6F, -0.3F, 0.0F, 0.3F, 0.6F}) {
      part.positions.push_back(middle + on_ball(rise, aside));
      part.normals.push_back(on_ball(rise, aside));
      part.joints.push_back({0, 0, 0, 0});
      part.weights.emplace_back(1, 0, 0, 0);
    }
  }
  return part;
}

constexpr float3 left_eye{2, 5, 1};
constexpr float upper_edge_rad = 0.4F, lower_edge_rad = -0.4F;

/// A head with a left eye, whose lids hang on bones of these names, turned and aside of the eye.
Avatar with_lids(const std::string& upper, const std::string& lower, float3 pivot) {
  Avatar avatar;
  avatar.materials = {{.name = "skin", .surface = Surface::skin}};
  avatar.nodes = {
      {.name = "Head", .rotation = quatf(0.5F, 0.5F, 0.5F, 0.5F)},
      {.name = "LeftEye", .parent = 0},
      {.name = upper, .parent = 0, .rotation = quatf(std::sqrt(0.5F), 0, std::sqrt(0.5F), 0)},
      {.name = lower, .parent = 0}};
  const mat4f to_head = inverse(local_transform(avatar.nodes[0]));
  avatar.nodes[1].translation = transformed(to_head, left_eye);
  for (const std::size_t lid : {2, 3}) avatar.nodes[lid].translation = transformed(to_head, pivot);
  const auto world = rest_transforms(avatar);
  avatar.parts.push_back(strip(1, left_eye, -0.2F, 0.2F, world));
  avatar.parts.push_back(strip(2, left_eye, upper_edge_rad, 1, world));
  avatar.parts.push_back(strip(3, left_eye, -1, lower_edge_rad, world));
  return avatar;
}

/// The rise of a vertex of a lid's part as seen from the eye, with it closed so far.
float rise_rad(const Avatar& avatar, std::size_t part, std::size_t vertex, float closed) {
  FacePose pose;
  pose.weights[BlendShape::eyeBlinkLeft] = closed;
  const auto world = world_transforms(avatar, Rig(avatar).local_transforms(avatar, pose));
  const AvatarPart& one = avatar.parts[part];
  const float3 way =
      transformed(world[one.bones[0].node] * one.bones[0].inverse_bind, one.positions[vertex]) -
      left_eye;
  CHECK(length(way) == Approx(1).epsilon(1e-3));
  return std::atan2(way.y, way.z);
}

constexpr std::size_t upper_edge = 2, lower_edge = 12;  ///< vertices in the middle

}  // namespace

TEST_CASE("Lids on bones meet, wherever their bones are and however they lie") {
  for (const float3 pivot : {left_eye, left_eye + float3(0.3F, 0.5F, 1), float3(0, 0, 0)}) {
    const Avatar avatar = with_lids("eyelid_upper.L", "eyelid_lower.L", pivot);
    const Rig rig(avatar);
    REQUIRE(rig.blinks_by_lids());
    CHECK(rig.abilities()[static_cast<std::size_t>(BlendShape::eyeBlinkLeft)] ==
          Ability::approximated);
    CHECK(rig.abilities()[static_cast<std::size_t>(BlendShape::eyeBlinkRight)] == Ability::missing);
    CHECK(rise_rad(avatar, 1, upper_edge, 0) == Approx(upper_edge_rad).margin(1e-3));
    CHECK(rise_rad(avatar, 2, lower_edge, 0) == Approx(lower_edge_rad).margin(1e-3));
    const float upper = rise_rad(avatar, 1, upper_edge, 1);
    CHECK(upper == Approx(rise_rad(avatar, 2, lower_edge, 1)).margin(0.01));
    // The upper lid goes most of the way.
    CHECK(upper == Approx(std::lerp(upper_edge_rad, lower_edge_rad, 0.8F)).margin(0.01));
    CHECK(rise_rad(avatar, 1, upper_edge, 0.5F) ==
          Approx((upper + upper_edge_rad) / 2).margin(0.01));
  }
}

TEST_CASE("An upper lid alone goes down to the skin below the eye") {
  Avatar avatar = with_lids("LeftEyelid", "cheek", left_eye);
  CHECK(rise_rad(avatar, 1, upper_edge, 1) == Approx(lower_edge_rad).margin(0.25));
  CHECK(rise_rad(avatar, 1, upper_edge, 1) < -0.15F);
  CHECK(rise_rad(avatar, 2, lower_edge, 1) == Approx(lower_edge_rad).margin(1e-3));
}

TEST_CASE("Lids are known by the names that makers give their bones") {
  for (const auto& [upper, lower] : {std::pair{"FACIAL_L_EyelidUpperA", "FACIAL_L_EyelidLowerA"},
                                     {"orbicularis03.L", "orbicularis04.L"},
                                     {"DEF-lid.T.L.001", "DEF-lid.B.L.001"},
                                     {"lEyelidUpper", "lEyelidLower"},
                                     {"mFaceEyeLidUpperLeft", "mFaceEyeLidLowerLeft"},
                                     {"Eyelid_Top_L", "Eyelid_Bottom_L"}}) {
    CAPTURE(upper);
    const Avatar avatar = with_lids(upper, lower, left_eye);
    CHECK(find_lids(avatar, find_joints(avatar), rest_transforms(avatar)).size() == 2);
  }
  for (const char* name : {"Slider_L", "lEyelidInner", "eyelid_upper", "LeftEyebrow"}) {
    CAPTURE(name);
    CHECK_FALSE(Rig(with_lids(name, "cheek", left_eye)).blinks_by_lids());
  }
}

TEST_CASE("Lids on bones leave eyes alone that close by a target") {
  Avatar avatar = with_lids("eyelid_upper.L", "eyelid_lower.L", left_eye);
  avatar.target_names = {"eyeBlinkLeft"};
  CHECK_FALSE(Rig(avatar).blinks_by_lids());
  avatar.target_names = {"Blink"};
  CHECK_FALSE(Rig(avatar).blinks_by_lids());
}
