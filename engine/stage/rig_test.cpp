#include "engine/stage/rig.h"

#include <boost/json.hpp>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/face/visemes.h"
#include "engine/stage/target_names.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

Avatar avatar_with(const std::string& target_names) {
  auto avatar = read_avatar(test::face_glb({.target_names = target_names}));
  REQUIRE(avatar);
  return *avatar;
}

/// An avatar that has these targets and nothing to move by them.
Avatar named(std::vector<std::string> target_names) {
  Avatar avatar = avatar_with(R"("a","b")");
  avatar.target_names = std::move(target_names);
  for (AvatarPart& part : avatar.parts) part.targets.clear();
  return avatar;
}

}  // namespace

TEST_CASE("ARKit's names are known in their usual spellings") {
  for (const char* name : {"jawOpen", "JawOpen", "head.jawOpen", "jaw_open"}) {
    CHECK(arkit_shape_of(name) == BlendShape::jawOpen);
  }
  CHECK(arkit_shape_of("eyeBlink_L") == BlendShape::eyeBlinkLeft);
  CHECK(arkit_shape_of("eyeBlink_R") == BlendShape::eyeBlinkRight);
  CHECK_FALSE(arkit_shape_of("viseme_aa"));
  CHECK_FALSE(arkit_shape_of(""));
}

TEST_CASE("Names of other makers are known, and of which side they are") {
  const auto shown = [](const char* name, BlendShape shape) {
    const auto mix = arkit_mix_of(name);
    return mix ? (*mix)[shape] : 0;
  };
  CHECK(arkit_shape_of("CTRL_expressions_jawOpen") == BlendShape::jawOpen);
  CHECK(arkit_shape_of("head_lod0_mesh__CTRL_expressions_eyeBlinkL") == BlendShape::eyeBlinkLeft);
  CHECK(arkit_shape_of("A14_Eye_Blink_Left") == BlendShape::eyeBlinkLeft);
  CHECK(arkit_shape_of("A25_Jaw_Open") == BlendShape::jawOpen);
  CHECK(shown("Brow_Drop_L", BlendShape::browDownLeft) == 1);
  CHECK(shown("Brow_Drop_L", BlendShape::browDownRight) == 0);
  CHECK(shown("Brow_Raise_Inner_R", BlendShape::browInnerUp) == 0.5F);
  CHECK(shown("CTRL_expressions_mouthCornerPullR", BlendShape::mouthSmileRight) == 1);
  CHECK(shown("CTRL_expressions_mouthFunnelUL", BlendShape::mouthFunnel) == 0.25F);
  CHECK(shown("V_Explosive", BlendShape::mouthPressLeft) > 0.3F);
  CHECK(shown("Fcl_ALL_Angry", BlendShape::browDownLeft) == 1);
  for (const char* name : {"Brow_Drop", "A25", "L", "browdropleftish"}) {
    CAPTURE(name);
    CHECK_FALSE(arkit_mix_of(name));
    CHECK_FALSE(arkit_shape_of(name));
  }
}

TEST_CASE("Lips that nothing closes over an open jaw are closed by the jaw") {
  BlendWeights closed;
  closed[BlendShape::jawOpen] = closed[BlendShape::mouthClose] = 0.3F;
  const auto opened = [&](std::vector<std::string> targets) {
    return Rig(named(std::move(targets))).target_weights(closed)[0];
  };
  CHECK(opened({"jawOpen"}) == 0);
  CHECK(opened({"A", "I", "U"}) == 0);
  CHECK(opened({"jawOpen", "mouthClose"}) == 0.3F);
  closed[BlendShape::mouthClose] = 0.1F;
  CHECK(opened({"jawOpen"}) == Approx(0.2F));
}

TEST_CASE("A target of its own takes the weight as it is") {
  const Rig rig(avatar_with(R"("jawOpen","viseme_aa")"));
  FacePose pose;
  pose.weights[BlendShape::jawOpen] = 0.4F;
  CHECK(rig.target_weights(pose.weights)[0] == Approx(0.4F));
  CHECK(rig.abilities()[static_cast<std::size_t>(BlendShape::jawOpen)] == Ability::own);
}

TEST_CASE("The tongue rises by the targets that makers have for it") {
  const Rig rig(named({"tongueOut", "Tongue_Tip_Up", "V_Tongue_Raise", "TongueCurlUp"}));
  const auto weights = rig.target_weights({}, {.tip_up = 0.7F, .back_up = 0.3F});
  CHECK(weights == std::vector<float>{0, 0.7F, 0.3F, 0.7F});
  CHECK(rig.raises_tongue());
  CHECK(!Rig(named({"tongueOut"})).raises_tongue());
}

TEST_CASE("An avatar with visemes alone shows each viseme by its target") {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < viseme_count; ++i) {
    names.push_back("viseme_" + std::string(name(static_cast<Viseme>(i))));
  }
  const Rig rig(named(names));
  for (const Viseme viseme : {Viseme::PP, Viseme::FF, Viseme::aa, Viseme::O, Viseme::U}) {
    const auto weights = rig.target_weights(viseme_shape(viseme));
    const auto strongest = std::ranges::max_element(weights) - weights.begin();
    CHECK(strongest == static_cast<std::ptrdiff_t>(viseme));
    CHECK(weights[static_cast<std::size_t>(viseme)] > 0.7F);
  }
}

TEST_CASE("A neutral face asks nothing of any target") {
  const Rig rig(named({"viseme_aa", "viseme_O", "mouthSmile", "Blink"}));
  for (const float weight : rig.target_weights({})) CHECK(weight == 0);
}

TEST_CASE("VRM's expressions blink and open the mouth") {
  const Rig rig(named({"A", "I", "U", "E", "O", "Blink"}));
  BlendWeights weights;
  weights[BlendShape::eyeBlinkLeft] = weights[BlendShape::eyeBlinkRight] = 1;
  CHECK(rig.target_weights(weights)[5] == Approx(1).margin(0.01));
  CHECK(rig.target_weights(viseme_shape(Viseme::aa))[0] > 0.7F);
  CHECK(rig.abilities()[static_cast<std::size_t>(BlendShape::jawOpen)] == Ability::approximated);
  CHECK(rig.abilities()[static_cast<std::size_t>(BlendShape::tongueOut)] == Ability::missing);
}

TEST_CASE("Joints are found by usual names, meshes of such names are not joints") {
  CHECK(find_joints(avatar_with(R"("a","b")")).head == 1);
  auto avatar = read_avatar(test::face_glb(
      {.nodes =
           R"({"name":"mixamorig:Neck","children":[1]},{"name":"mixamorig:Head","children":[2]},)"
           R"({"name":"eye_L","mesh":0},{"name":"Head_unused"})"}));
  REQUIRE(avatar);
  const FaceJoints joints = find_joints(*avatar);
  REQUIRE(joints.head);
  CHECK(avatar->nodes[*joints.head].name == "mixamorig:Head");
  CHECK(joints.left_eye);
  CHECK_FALSE(joints.right_eye);
}

TEST_CASE("The head turns about the model's axes whatever its joint's own are") {
  auto avatar = read_avatar(test::face_glb(
      {.nodes = R"({"name":"Neck","rotation":[0.5,0.5,0.5,0.5],"children":[1]},)"
                R"({"name":"Head","rotation":[0,0.7071068,0,0.7071068],"mesh":0})"}));
  REQUIRE(avatar);
  const Rig rig(*avatar);
  FacePose pose;
  pose.head.yaw_rad = 0.5F;
  const mat4f before = rest_transforms(*avatar)[1];
  const mat4f after = world_transforms(*avatar, rig.local_transforms(*avatar, pose))[1];
  const float3 expected = quaternion(pose.head) * before[0].xyz;
  CHECK(length(after[0].xyz - expected) < 1e-5F);
}

namespace {

/// A head (1) without any shapes of a mouth, and the square of test_glb.h on a node of its own
/// there, which is 1 wide and 1 high; its joint is turned and lies aside of it by `offset`.
Avatar with_jaw(const std::string& name, float3 offset) {
  const auto numbers = [](float3 v) {
    return "[" + std::to_string(v.x) + "," + std::to_string(v.y) + "," + std::to_string(v.z) + "]";
  };
  auto avatar = read_avatar(test::face_glb(
      {.target_names = R"("smug","cute")",
       .nodes = R"({"name":"Neck","children":[1]},{"name":"Head","children":[2]},{"name":")" +
                name +
                R"(","rotation":[0,0.7071068,0,0.7071068],"children":[3]},{"name":"chin",)"
                R"("rotation":[0,-0.7071068,0,0.7071068],"mesh":0,"translation":)" +
                // In the joint's coordinates, whose X is the model's −Z.
                numbers({-offset.z, offset.y, offset.x}) + "}"}));
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

/// How far the chin's node moves, in the model, where the mouth opens so far.
float3 chin_moves(const Avatar& avatar, float open, float closed = 0) {
  FacePose pose;
  pose.weights[BlendShape::jawOpen] = open;
  pose.weights[BlendShape::mouthClose] = closed;
  const auto at = world_transforms(avatar, Rig(avatar).local_transforms(avatar, pose));
  return at[3][3].xyz - rest_transforms(avatar)[3][3].xyz;
}

}  // namespace

TEST_CASE("A jaw's joint opens the mouth of an avatar without shapes for it") {
  for (const char* name : {"jaw", "Jaw", "mixamorig:Jaw", "FACIAL_C_Jaw", "CC_Base_JawRoot",
                           "DEF-jaw", "lowerJaw", "jaw_master"}) {
    CAPTURE(name);
    const Avatar avatar = with_jaw(name, {-0.5F, -0.5F, 2});
    const Rig rig(avatar);
    REQUIRE(rig.opens_by_jaw());
    CHECK(rig.abilities()[static_cast<std::size_t>(BlendShape::jawOpen)] == Ability::approximated);
    // By 25° about the joint, down and back, and to no side.
    const float3 open = chin_moves(avatar, 1);
    const float expected = 2 * std::sin(0.22F) * std::sqrt(2 * 2 + 0.5F * 0.5F);
    CHECK(length(open) == Approx(expected).epsilon(0.01));
    CHECK(open.y < -0.8F * expected);
    CHECK(std::abs(open.x) < 1e-4F);
    CHECK(length(chin_moves(avatar, 0)) < 1e-6F);
    CHECK(length(chin_moves(avatar, 0.6F, 0.6F)) < 1e-6F);
  }
}

TEST_CASE("Where the joint is above the chin the jaw opens backwards") {
  const float3 open = chin_moves(with_jaw("jaw", {-0.5F, -3, 0}), 1);
  CHECK(open.z < -0.5F);
  // A joint in front of the chin, and below it, turns the other way.
  CHECK(chin_moves(with_jaw("jaw", {-0.5F, 0, -2}), 1).y < -0.5F);
}

TEST_CASE("A jaw's joint leaves a mouth alone that has shapes, or that does not hang on it") {
  const Avatar able = avatar_with(R"("jawOpen","b")");
  CHECK_FALSE(Rig(able).opens_by_jaw());
  Avatar shaped = with_jaw("jaw", {0, 0, 1});
  shaped.target_names[1] = "viseme_aa";
  CHECK_FALSE(Rig(shaped).opens_by_jaw());
  Avatar bare = with_jaw("jaw", {0, 0, 1});
  for (AvatarPart& part : bare.parts) part.bones[0].node = 1;
  CHECK_FALSE(Rig(bare).opens_by_jaw());
}

TEST_CASE("Collar bones rise as the breath comes in, and sink as it goes out") {
  const Avatar avatar = *read_avatar(test::face_glb(
      {.target_names = R"("a1","b1")",
       .nodes =
           R"({"name":"clavicle_l","children":[1]},{"name":"CC_Base_R_Clavicle","children":[2]},
                   {"name":"face","mesh":0})"}));
  const Rig rig(avatar);
  const auto arm_y = [&](std::size_t shoulder, float side, float breath) {
    FacePose pose;
    pose.breath = breath;
    const std::vector<mat4f> local = rig.local_transforms(avatar, pose);
    return transformed(local[shoulder], {side, 0, 0}).y;
  };
  CHECK(rig.joints().left_shoulder == 0);
  CHECK(rig.joints().right_shoulder == 1);
  CHECK(arm_y(0, 1, 1) > 0.01F);
  CHECK(arm_y(1, -1, 1) > 0.01F);
  CHECK(arm_y(0, 1, -1) < -0.01F);
  CHECK(arm_y(0, 1, 0) == 0);
}

TEST_CASE("The report says plainly what an avatar cannot do") {
  const auto notes = [](const Avatar& avatar) { return rig_report_text(avatar, Rig(avatar)); };
  CHECK(notes(with_jaw("jaw", {0, 0, 1})).contains("the jaw's bone opens it"));
  CHECK(notes(with_jaw("jaw", {0, 0, 1})).contains("jaw: jaw"));
  const Avatar nodding = with_jaw("hair", {0, 0, 1});
  CHECK(notes(nodding).contains("the mouth stays still"));
  CHECK_FALSE(notes(nodding).contains("the head stays still"));
  FacePose pose;
  pose.head.pitch_rad = 0.3F;
  CHECK(Rig(nodding).moved_joints(pose, rest_places(nodding)).size() == 2);
  const Avatar thing = *read_avatar(
      test::face_glb({.target_names = R"("a1","b1")", .nodes = R"({"name":"cube","mesh":0})"}));
  CHECK(notes(thing).contains("the head stays still"));
  CHECK_FALSE(notes(avatar_with(R"("jawOpen","b")")).contains("still"));
}

TEST_CASE("The report tells visemes that a jaw alone comes near to from those that it does not") {
  const Avatar jaw = with_jaw("jaw", {0, 0, 1});
  const auto report = boost::json::parse(rig_report_json(jaw, Rig(jaw))).as_object();
  const auto has = [&](const char* ability, const char* viseme) {
    const auto& names = report.at("visemes").at(ability).as_array();
    return std::ranges::contains(names, boost::json::value(viseme));
  };
  CHECK(has("own", "sil"));
  CHECK(has("approximated", "aa"));
  CHECK(has("approximated", "kk"));
  CHECK(has("missing", "FF"));
  CHECK(has("missing", "U"));
}

TEST_CASE("eyeLook weights turn both eyes the same way") {
  FacePose pose;
  pose.weights[BlendShape::eyeLookOutLeft] = 1;
  pose.weights[BlendShape::eyeLookInRight] = 1;
  set_eye_rotations(pose);
  CHECK(pose.left_eye.yaw_rad > 0.2F);
  CHECK(pose.left_eye.yaw_rad == pose.right_eye.yaw_rad);
}

TEST_CASE("The report names every blend shape and viseme once") {
  const Avatar avatar = named({"jawOpen", "viseme_PP"});
  const auto report = boost::json::parse(rig_report_json(avatar, Rig(avatar))).as_object();
  for (const auto& [member, count] :
       {std::pair{"blendShapes", blend_shape_count}, {"visemes", viseme_count}}) {
    std::size_t listed = 0;
    for (const auto& names : report.at(member).as_object())
      listed += names.value().as_array().size();
    CHECK(listed == count);
  }
}
