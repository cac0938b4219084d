// Avatars to be damaged, and what an avatar that opens all the same is used for.
#pragma once

#include <cstdlib>

#include "engine/stage/appearance.h"
#include "engine/stage/blend.h"
#include "engine/stage/clips.h"
#include "engine/stage/framing.h"
#include "engine/stage/rig.h"
#include "engine/stage/swing.h"
#include "engine/stage/traits.h"
#include "engine/unpack/test_packed.h"

namespace vivavox::test {

/// Strands that swing by either version of VRM, a jaw, and nodes that follow one another.
inline std::vector<std::byte> vrm_file(const std::string& extensions) {
  return face_glb(
      {.target_names = R"("a1","b1")",
       .nodes = R"({"name":"Head","children":[1,2,4]},{"name":"jaw","mesh":0},)"
                R"({"name":"hair","translation":[0,1,0],"children":[3]},)"
                R"({"name":"end","translation":[0,-0.2,0],"extensions":{"VRMC_node_constraint":)"
                R"({"constraint":{"roll":{"source":4,"rollAxis":"Y"}}}}},)"
                R"({"name":"arm","translation":[1,0,0],"extensions":{"VRMC_node_constraint":)"
                R"({"constraint":{"aim":{"source":1,"aimAxis":"NegativeZ","weight":0.5}}}}})",
       .extra = R"(,"extensions":{)" + extensions + "}"});
}

inline std::vector<std::byte> springs_file() {
  return vrm_file(
      R"("VRMC_springBone":{"colliders":[{"node":0,"shape":{"capsule":{"offset":[0,0.8,0],)"
      R"("radius":0.1,"tail":[0,0,1]}}}],"colliderGroups":[{"colliders":[0]}],"springs":[)"
      R"({"center":0,"colliderGroups":[0],"joints":[{"node":2,"stiffness":0.5,"hitRadius":0.1,)"
      R"("gravityPower":1,"gravityDir":[0,-1,0]},{"node":3}]}]})");
}

inline std::vector<std::byte> old_springs_file() {
  return vrm_file(
      R"("VRM":{"secondaryAnimation":{"boneGroups":[{"stiffiness":1,"gravityPower":0.2,)"
      R"("gravityDir":{"x":0,"y":-1,"z":0},"dragForce":0.4,"center":-1,"hitRadius":0.02,)"
      R"("bones":[2],"colliderGroups":[0]}],"colliderGroups":[{"node":0,"colliders":[)"
      R"({"offset":{"x":0,"y":0.8,"z":0},"radius":0.1}]}]}})");
}

/// With a clip of each kind of channel.
inline std::vector<std::byte> clips_file() {
  const auto channel = [](int sampler, int node, std::string_view path) {
    return R"({"sampler":)" + std::to_string(sampler) + R"(,"target":{"node":)" +
           std::to_string(node) + R"(,"path":")" + std::string(path) + R"("}})";
  };
  const auto sampler = [](std::size_t output, std::string_view interpolation) {
    return R"({"input":)" + std::to_string(first_number) + R"(,"output":)" +
           std::to_string(first_number + output) + R"(,"interpolation":")" +
           std::string(interpolation) + R"("})";
  };
  return face_glb({.nodes = R"({"name":"Head","children":[1,2]},{"name":"LeftEyelid","mesh":0},)"
                            R"({"name":"LeftEye","mesh":0})",
                   .extra = R"(,"animations":[{"name":"Idle","samplers":[)" + sampler(1, "LINEAR") +
                            "," + sampler(2, "STEP") + "," + sampler(3, "CUBICSPLINE") +
                            R"(],"channels":[)" + channel(0, 0, "rotation") + "," +
                            channel(1, 1, "weights") + "," + channel(2, 0, "translation") + "]}]",
                   .numbers = {{"SCALAR", {0, 1}},
                               {"VEC4", {0, 0, 0, 1, 0, 1, 0, 0}},
                               {"SCALAR", {0, 1, 1, 0}},
                               {"VEC3", {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0}}}});
}

/// An avatar, plain, packed in each way, with clips, with traits and with what swings.
inline std::vector<std::vector<std::byte>> readable_files() {
  const auto webp =
      textured_by("EXT_texture_webp", face_glb({.images = {webp_file(colorful(4, 4, false))}}));
  return {face_glb(),
          clips_file(),
          trait_glb(),
          springs_file(),
          old_springs_file(),
          webp,
          textured_by("EXT_texture_avif", face_glb({.images = {avif_file(colorful(4, 4, false))}})),
          meshopt_glb(webp),
          meshopt_glb(webp, "KHR_meshopt_compression"),
          draco_glb(webp, draco::MESH_SEQUENTIAL_ENCODING),
          draco_glb(webp, draco::MESH_EDGEBREAKER_ENCODING)};
}

/// With the last value of each trait; every look can be worn.
inline Appearance worn(const Avatar& avatar) {
  std::vector<TraitChoice> choices;
  for (const Trait& trait : avatar.traits.traits) {
    if (!trait.any.empty()) choices.push_back({trait.name, "#aa7755"});
    if (!trait.values.empty()) choices.push_back({trait.name, trait.values.back().name});
  }
  const auto values = chosen_values(avatar.traits, choices);
  if (!values || traits_json(avatar, *values).empty()) std::abort();
  for (const AvatarLook& look : avatar.traits.looks) {
    const std::array choice{TraitChoice{std::string(look_trait), look.name}};
    if (!chosen_values(avatar.traits, choice)) std::abort();
  }
  return appearance_of(avatar, *values);
}

/// Rigs, dresses, poses and frames it, plays its clips and lets swing what does.
inline void use(const Avatar& avatar) {
  const Rig rig(avatar);
  FacePose pose;
  pose.weights.values().fill(0.5F);
  pose.head.yaw_rad = 0.2F;
  const auto weights = rig.target_weights(pose.weights);
  const Appearance appearance = worn(avatar);
  for (const AvatarPart& part : avatar.parts) {
    BlendedPart blended(part);
    blended.reshape(appearance.shape);
    blended.blend(weights);
  }
  const auto local = rig.local_transforms(avatar, pose, clip_moment(avatar, 0.3).places);
  auto world = world_transforms(avatar, local);
  Motion motion;
  const Swing swing(avatar);
  for (const double t_s : {0.0, 0.1}) swing.move(avatar, local, world, t_s, motion);
  if (!(find_head(avatar, rig.joints(), appearance.is_hidden).height > 0)) std::abort();
  if (rig_report_json(avatar, rig).empty()) std::abort();
}

}  // namespace vivavox::test
