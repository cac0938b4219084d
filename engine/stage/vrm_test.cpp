#include "engine/stage/vrm.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/face/visemes.h"
#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

/// A face with two targets whose names tell nothing.
Avatar read(const std::string& extra, const std::string& material = R"("name":"skin")") {
  auto avatar = read_avatar(test::face_glb(
      {.target_names = R"("first","second")", .extra = extra, .material = material}));
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

std::string vrm1(const std::string& expressions, const std::string& more = "") {
  return R"(,"extensions":{"VRMC_vrm":{"specVersion":"1.0","expressions":)" + expressions + more +
         "}}";
}

std::string vrm0(const std::string& groups, const std::string& more = "") {
  return R"(,"extensions":{"VRM":{"blendShapeMaster":{"blendShapeGroups":[)" + groups + "]}" +
         more + "}}";
}

BlendWeights blinking() {
  BlendWeights weights;
  weights[BlendShape::eyeBlinkLeft] = weights[BlendShape::eyeBlinkRight] = 1;
  return weights;
}

}  // namespace

TEST_CASE("Expressions of VRM 1.0 speak and blink, whatever their targets are called") {
  const Avatar avatar = read(
      vrm1(R"({"preset":{"aa":{"morphTargetBinds":[{"node":3,"index":0,"weight":0.5}]},)"
           R"("blink":{"isBinary":true,"morphTargetBinds":[{"node":3,"index":1,"weight":1}]}}})"));
  REQUIRE(avatar.expressions.size() == 2);
  const Rig rig(avatar);
  const auto open = rig.target_weights(viseme_shape(Viseme::aa));
  CHECK(open[0] > 0.35F);
  CHECK(open[0] <= 0.5F);
  CHECK(open[1] == 0);
  BlendWeights half = blinking();
  CHECK(rig.target_weights(half)[1] == 1);
  half[BlendShape::eyeBlinkLeft] = half[BlendShape::eyeBlinkRight] = 0.4F;
  CHECK(rig.target_weights(half)[1] == 0);
}

TEST_CASE("Groups of VRM 0.x speak and blink, whatever their targets are called") {
  const Avatar avatar = read(
      vrm0(R"({"name":"A","presetName":"a","binds":[{"mesh":0,"index":1,"weight":100}]},)"
           R"({"name":"JawOpen","presetName":"unknown","binds":[]},)"
           R"({"name":"Blink","presetName":"blink","binds":[{"mesh":0,"index":0,"weight":80}]})"));
  const Rig rig(avatar);
  CHECK(rig.target_weights(viseme_shape(Viseme::aa))[1] > 0.7F);
  CHECK(rig.target_weights(blinking())[0] == Approx(0.8F).margin(0.01));
}

TEST_CASE("An expression of ARKit's name takes the weight as it is") {
  const Avatar avatar = read(
      vrm1(R"({"custom":{"JawOpen":{"morphTargetBinds":[{"node":3,"index":1,"weight":1}]}}})"));
  BlendWeights weights;
  weights[BlendShape::jawOpen] = 0.3F;
  CHECK(Rig(avatar).target_weights(weights)[1] == Approx(0.3F));
}

TEST_CASE("A smile that would hold the mouth lets it speak") {
  const auto smile_while_speaking = [](const std::string& override_mouth) {
    const Avatar avatar =
        read(vrm1(R"({"preset":{"aa":{"morphTargetBinds":[{"node":3,"index":0,"weight":1}]},)"
                  R"("happy":{"overrideMouth":")" +
                  override_mouth + R"(","morphTargetBinds":[{"node":3,"index":1,"weight":1}]}}})"));
    BlendWeights weights = viseme_shape(Viseme::aa);
    weights[BlendShape::mouthSmileLeft] = weights[BlendShape::mouthSmileRight] = 1;
    return Rig(avatar).target_weights(weights);
  };
  CHECK(smile_while_speaking("none")[1] > 0.8F);
  const auto speaking = smile_while_speaking("block");
  CHECK(speaking[0] > 0.7F);
  CHECK(speaking[1] < 0.3F);
}

TEST_CASE("Bones are those that a VRM file declares") {
  const std::string bones = R"(,"humanoid":{"humanBones":)";
  const auto head = [](const std::string& extra) {
    const Avatar avatar = read(extra);
    return avatar.nodes[find_joints(avatar).head.value()].file_index;
  };
  CHECK(head("") == 1);
  CHECK(head(vrm1("{}", bones + R"({"head":{"node":0}}})")) == 0);
  CHECK(head(vrm0("", bones + R"([{"bone":"head","node":0}]})")) == 0);
}

TEST_CASE("Toon shades arrive from both versions") {
  const Avatar now = read(
      "",
      R"("name":"skin","extensions":{"VRMC_materials_mtoon":{"specVersion":"1.0",)"
      R"("shadeColorFactor":[0.5,0.25,0.125],"shadingShiftFactor":-0.1,"shadingToonyFactor":0.8}})");
  REQUIRE(now.materials[0].toon);
  CHECK(now.materials[0].toon->shade.y == 0.25F);
  CHECK(now.materials[0].toon->shift == Approx(-0.1F));
  CHECK(now.materials[0].toon->toony == Approx(0.8F));
  const Avatar old = read(vrm0(
      "",
      R"(,"materialProperties":[{"shader":"VRM/MToon","vectorProperties":{"_ShadeColor":[0.5,1,0,1]},)"
      R"("floatProperties":{"_ShadeShift":0,"_ShadeToony":0.5}}])"));
  REQUIRE(old.materials[0].toon);
  CHECK(old.materials[0].toon->shade.x == Approx(0.218F).margin(0.001));
  // From a cosine of 0 to one of 0.5.
  CHECK(old.materials[0].toon->shift == Approx(-0.25F));
  CHECK(old.materials[0].toon->toony == Approx(0.75F));
  CHECK_FALSE(read("").materials[0].toon);
}

TEST_CASE("What a VRM file refers to in vain is left out, what is no VRM is refused") {
  const Avatar avatar = read(vrm1(
      R"({"preset":{"aa":{"morphTargetBinds":[{"node":0,"index":0},{"node":3,"index":7},1]},"ih":2}})"));
  REQUIRE(avatar.expressions.size() == 1);
  CHECK(avatar.expressions[0].shares.empty());
  const auto wrong = [](const std::string& extra) {
    return read_avatar(test::face_glb({.extra = extra})).error().message;
  };
  CHECK(wrong(vrm1(R"({"preset":[]})")).contains("preset"));
  CHECK(wrong(vrm1(R"({"preset":{"aa":{"morphTargetBinds":[{"node":99,"index":0}]}}})"))
            .contains("nodes"));
}

TEST_CASE("An expression that tells nothing takes no target from its own name") {
  auto avatar = read_avatar(test::face_glb(
      {.target_names = R"("first","viseme_aa")",
       .extra =
           vrm1(R"({"custom":{"mine":{"morphTargetBinds":[{"node":3,"index":1,"weight":1}]}}})")}));
  REQUIRE(avatar);
  CHECK(Rig(*avatar).target_weights(viseme_shape(Viseme::aa))[1] > 0.7F);
}

TEST_CASE("More expressions or shares than any avatar has are refused") {
  const auto refusal = [](const std::string& extra) {
    const auto avatar = read_avatar(test::face_glb({.extra = extra}));
    return avatar ? std::string() : avatar.error().message;
  };
  const auto repeated = [](const std::string& text, int times) {
    std::string all = text;
    for (int i = 1; i < times; ++i) all += "," + text;
    return all;
  };
  const std::string group = R"({"presetName":"a","binds":[]})";
  CHECK(refusal(vrm0(repeated(group, 256))).empty());
  CHECK(refusal(vrm0(repeated(group, 257))).contains("expressions"));
  const auto binds = [&](int times) {
    return vrm0(R"({"presetName":"a","binds":[)" + repeated(R"({"mesh":0,"index":0})", times) +
                "]}");
  };
  CHECK(refusal(binds(256)).empty());
  CHECK(refusal(binds(257)).contains("targets"));
}
