#include "engine/stage/clips.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

#include "engine/stage/framing.h"
#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;
using test::Numbers;

namespace {

constexpr std::size_t neck_node = 0, head_node = 1;

std::string number(std::size_t i) {
  return std::to_string(test::first_number + i);
}

/// A clip of one channel: its keys are the first of the face's numbers, its values the second.
std::string clip_json(const std::string& name, std::size_t node, const std::string& path,
                      const std::string& interpolation = "LINEAR") {
  return R"({"name":")" + name + R"(","samplers":[{"input":)" + number(0) + R"(,"output":)" +
         number(1) + R"(,"interpolation":")" + interpolation +
         R"("}],"channels":[{"sampler":0,"target":{"node":)" + std::to_string(node) +
         R"(,"path":")" + path + R"("}}]})";
}

test::Face with_clips(const std::string& clips, std::vector<Numbers> numbers,
                      const std::string& extra = "") {
  return {.extra = R"(,"animations":[)" + clips + "]" + extra, .numbers = std::move(numbers)};
}

Avatar opened(const test::Face& face) {
  auto avatar = read_avatar(test::face_glb(face));
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

/// The head's way to the side under one clip.
Avatar sideways(const std::vector<float>& times_s, const std::vector<float>& x,
                const std::string& interpolation) {
  std::vector<float> values;
  for (const float one : x) values.insert(values.end(), {one, 0, 0});
  return opened(with_clips(clip_json("Idle", head_node, "translation", interpolation),
                           {{"SCALAR", times_s}, {"VEC3", values}}));
}

float aside(const Avatar& avatar, double t_s) {
  return clip_moment(avatar, t_s).places[head_node].translation.x;
}

/// What is said of a file whose only clip is left out.
std::string note(const test::Face& face) {
  const Avatar avatar = opened(face);
  CHECK(avatar.clips.empty());
  CHECK_FALSE(avatar.clip);
  REQUIRE(avatar.notes.size() == 1);
  return avatar.notes[0];
}

}  // namespace

TEST_CASE("Between its keys a clip steps, or goes straight, and round and round") {
  const Avatar lines = sideways({1, 2, 4}, {0, 10, 20}, "LINEAR");
  CHECK(aside(lines, 0) == Approx(0));
  CHECK(aside(lines, 0.5) == Approx(5));
  CHECK(aside(lines, 2) == Approx(15));
  // It takes 3 s: from its first key to its last.
  CHECK(aside(lines, 3.5) == Approx(5));
  CHECK(aside(lines, -2.5) == Approx(5));
  CHECK(aside(lines, 1.7e9) == Approx(aside(lines, std::fmod(1.7e9, 3))).margin(1e-3));
  const Avatar steps = sideways({1, 2, 4}, {0, 10, 20}, "STEP");
  CHECK(aside(steps, 0.9) == 0);
  CHECK(aside(steps, 2.9) == 10);
}

TEST_CASE("Splines go through their keys as their tangents say") {
  // Of each key: the tangent before, the value, the tangent after.
  const Avatar curved = sideways({0, 2}, {0, 1, 3, 5, 2, 0}, "CUBICSPLINE");
  CHECK(aside(curved, 0) == Approx(1));
  // Source: glTF 2.0, appendix C.5, at its middle.
  CHECK(aside(curved, 1) == Approx((1 + 2) / 2.0 + 2 * (3 - 5) / 8.0));
  const double before = aside(curved, 0.001), at = aside(curved, 0);
  CHECK((before - at) / 0.001 == Approx(3).epsilon(0.01));
}

TEST_CASE("Rotations take the shorter way and stay rotations") {
  const float s = std::sqrt(0.5F);
  for (const float sign : {1.0F, -1.0F}) {
    const Avatar avatar =
        opened(with_clips(clip_json("Idle", head_node, "rotation"),
                          {{"SCALAR", {0, 1}}, {"VEC4", {0, 0, 0, 1, 0, sign * s, 0, sign * s}}}));
    const quatf half = clip_moment(avatar, 0.5).places[head_node].rotation;
    CHECK(std::abs(half.y) == Approx(std::sin(M_PI / 8)).epsilon(1e-3));
    CHECK(length(half) == Approx(1));
  }
}

TEST_CASE("A clip moves targets, and the face goes on top") {
  const Avatar avatar = opened(with_clips(clip_json("Idle", 3, "weights"),
                                          {{"SCALAR", {0, 1}}, {"SCALAR", {0, 0.5F, 1, 0.5F}}}));
  CHECK(clip_moment(avatar, 0.25).weights == std::vector<float>{0.25F, 0.5F});
}

TEST_CASE("The head nods on top of what the clip does with it") {
  const float s = std::sqrt(0.5F);
  const Avatar avatar =
      opened(with_clips(clip_json("Idle", neck_node, "rotation"),
                        {{"SCALAR", {0, 1}}, {"VEC4", {0, s, 0, s, 0, s, 0, s}}}));
  FacePose pose;
  pose.head.pitch_rad = 0.3F;
  const Rig rig(avatar);
  const auto world = [&](const FacePose& shown) {
    return world_transforms(
        avatar, rig.local_transforms(avatar, shown, clip_moment(avatar, 0).places))[head_node];
  };
  // Turned to the character's left, it nods to where it looks.
  CHECK(length((world({}) * float4(0, 0, 1, 0)).xyz - float3(1, 0, 0)) < 1e-5F);
  const float3 looks = (world(pose) * float4(0, 0, 1, 0)).xyz;
  CHECK(looks.y == Approx(-std::sin(0.3F)));
  CHECK(looks.x == Approx(std::cos(0.3F)));
}

TEST_CASE("What is called idle plays unasked, and nothing else does") {
  const auto playing = [](const std::vector<std::string>& names) -> std::string {
    std::string clips;
    for (const std::string& name : names)
      clips += (clips.empty() ? "" : ",") + clip_json(name, head_node, "translation");
    const Avatar avatar =
        opened(with_clips(clips, {{"SCALAR", {0, 1}}, {"VEC3", {0, 0, 0, 1, 0, 0}}}));
    REQUIRE(avatar.clips.size() == names.size());
    return avatar.clip ? avatar.clips[*avatar.clip].name : "";
  };
  CHECK(playing({"Dance", "Breathing Idle"}) == "Breathing Idle");
  CHECK(playing({"Sad_Idle", "idle.001"}) == "idle.001");
  CHECK(playing({"Armature|Idle"}) == "Armature|Idle");
  CHECK(playing({"F_StandingIdle_001"}) == "F_StandingIdle_001");
  CHECK(playing({"Dance", "Walk", "idleness", "mixamo.com"}).empty());
}

TEST_CASE("A clip is chosen by name") {
  Avatar avatar = opened(with_clips(clip_json("Wave", head_node, "translation"),
                                    {{"SCALAR", {0, 1}}, {"VEC3", {0, 0, 0, 1, 0, 0}}}));
  CHECK_FALSE(avatar.clip);
  CHECK(aside(avatar, 0.5) == 0);
  REQUIRE(choose_clip(avatar, "Wave"));
  CHECK(aside(avatar, 0.5) == Approx(0.5));
  const auto refused = choose_clip(avatar, "wave");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(refused.error().message.contains("Wave"));
}

TEST_CASE("The camera finds the head where the clip has it") {
  const Avatar avatar = sideways({0, 1, 2}, {6, 8, 6}, "LINEAR");
  const Avatar still = opened({});
  const float3 way =
      find_head(avatar, find_joints(avatar)).centre - find_head(still, find_joints(still)).centre;
  // From (0, 1, 0), where its node is without the clip.
  CHECK(length(way - float3(7, -1, 0)) < 1e-5F);
}

TEST_CASE("What is turned round as a whole is turned under its clip, too") {
  const std::vector<Numbers> numbers{{"SCALAR", {0, 1}}, {"VEC3", {1, 2, 3, 1, 2, 3}}};
  const std::string clip = clip_json("Idle", neck_node, "translation");
  const auto place = [&](const std::string& extra) {
    return clip_moment(opened(with_clips(clip, numbers, extra)), 0).places[neck_node].translation;
  };
  CHECK(place("") == float3(1, 2, 3));
  CHECK(place(R"(,"extensions":{"VRM":{"specVersion":"0.0"}})") == float3(-1, 2, -3));
  const Avatar turned = opened(with_clips(clip_json("Idle", neck_node, "rotation"),
                                          {{"SCALAR", {0, 1}}, {"VEC4", {0, 0, 0, 1, 0, 0, 0, 1}}},
                                          R"(,"extensions":{"VRM":{"specVersion":"0.0"}})"));
  CHECK(std::abs(clip_moment(turned, 0).places[neck_node].rotation.y) == Approx(1));
}

TEST_CASE("Damaged clips are left out with their reason, and the avatar opens") {
  const Numbers times{"SCALAR", {0, 1}}, ways{"VEC3", {0, 0, 0, 1, 0, 0}};
  const std::string clip = clip_json("Idle", head_node, "translation");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(note(with_clips(clip, {{"SCALAR", {0, nan}}, ways})).contains("not finite"));
  CHECK(note(with_clips(clip, {{"SCALAR", {1, 0}}, ways})).contains("order"));
  CHECK(note(with_clips(clip, {{"SCALAR", {1, 1}}, ways})).contains("order"));
  CHECK(note(with_clips(clip, {{"SCALAR", {-1, 0}}, ways})).contains("order"));
  CHECK(note(with_clips(clip, {{"SCALAR", {}}, ways})).contains("keys"));
  CHECK(note(with_clips(clip, {{"VEC2", {0, 1, 2, 3}}, ways})).contains("wrong type"));
  CHECK(note(with_clips(clip, {times, {"VEC4", {0, 0, 0, 1}}})).contains("wrong type"));
  CHECK(note(with_clips(clip, {times, {"VEC3", {0, 0, 0}}})).contains("keys"));
  CHECK(note(with_clips(clip, {times, {"VEC3", {0, 0, 0, 1e30F, 0, 0}}})).contains("large"));
  CHECK(note(with_clips(clip_json("Idle", 9, "translation"), {times, ways})).contains("not there"));
  CHECK(note(with_clips(clip_json("Idle", head_node, "translation", "WAVY"), {times, ways}))
            .contains("unknown way"));
  CHECK(note(with_clips(clip_json("Idle", head_node, "pointer"), {times, ways}))
            .contains("moves nothing"));
  CHECK(note(with_clips("5", {times, ways})).contains("no object"));
  CHECK(note(with_clips(R"({"samplers":[],"channels":[{"sampler":0,"target":{"node":0,)"
                        R"("path":"scale"}}]})",
                        {times, ways}))
            .contains("not there"));
}

TEST_CASE("Keys that share bytes cannot ask for any amount of memory") {
  std::string clips;
  for (int i = 0; i < 300; ++i)
    clips += (clips.empty() ? "" : ",") + clip_json("Idle", head_node, "translation");
  const std::vector<float> times = [] {
    std::vector<float> ascending(20'000);
    for (std::size_t i = 0; i < ascending.size(); ++i) ascending[i] = static_cast<float>(i);
    return ascending;
  }();
  const Avatar avatar = opened(
      with_clips(clips, {{"SCALAR", times}, {"VEC3", std::vector<float>(3 * times.size(), 1)}}));
  CHECK(avatar.clips.size() == max_clip_numbers / (4 * times.size()));
  REQUIRE(avatar.notes.size() == 1);
  CHECK(avatar.notes[0].contains("250"));
}
