// Any bytes, packed or not, either read as an avatar that can be rigged, framed and posed, or
// fail.
#include "engine/stage/avatar.h"

#include <algorithm>
#include <cstdlib>

#include "engine/stage/appearance.h"
#include "engine/stage/blend.h"
#include "engine/stage/framing.h"
#include "engine/stage/rig.h"
#include "engine/stage/swing.h"
#include "engine/stage/traits.h"
#include "engine/unpack/test_packed.h"
#include "engine/unpack/unpack.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using namespace vivavox;

/// Strands that swing by either version of VRM, a jaw, and nodes that follow one another.
std::vector<std::byte> vrm_file(const std::string& extensions) {
  return test::face_glb(
      {.target_names = R"("a1","b1")",
       .nodes = R"({"name":"Head","children":[1,2,4]},{"name":"jaw","mesh":0},)"
                R"({"name":"hair","translation":[0,1,0],"children":[3]},)"
                R"({"name":"end","translation":[0,-0.2,0],"extensions":{"VRMC_node_constraint":)"
                R"({"constraint":{"roll":{"source":4,"rollAxis":"Y"}}}}},)"
                R"({"name":"arm","translation":[1,0,0],"extensions":{"VRMC_node_constraint":)"
                R"({"constraint":{"aim":{"source":1,"aimAxis":"NegativeZ","weight":0.5}}}}})",
       .extra = R"(,"extensions":{)" + extensions + "}"});
}

std::vector<std::byte> springs_file() {
  return vrm_file(
      R"("VRMC_springBone":{"colliders":[{"node":0,"shape":{"capsule":{"offset":[0,0.8,0],)"
      R"("radius":0.1,"tail":[0,0,1]}}}],"colliderGroups":[{"colliders":[0]}],"springs":[)"
      R"({"center":0,"colliderGroups":[0],"joints":[{"node":2,"stiffness":0.5,"hitRadius":0.1,)"
      R"("gravityPower":1,"gravityDir":[0,-1,0]},{"node":3}]}]})");
}

std::vector<std::byte> old_springs_file() {
  return vrm_file(
      R"("VRM":{"secondaryAnimation":{"boneGroups":[{"stiffiness":1,"gravityPower":0.2,)"
      R"("gravityDir":{"x":0,"y":-1,"z":0},"dragForce":0.4,"center":-1,"hitRadius":0.02,)"
      R"("bones":[2],"colliderGroups":[0]}],"colliderGroups":[{"node":0,"colliders":[)"
      R"({"offset":{"x":0,"y":0.8,"z":0},"radius":0.1}]}]}})");
}

/// An avatar, plain, packed in each way and with what swings.
std::vector<std::vector<std::byte>> readable_files() {
  const auto webp =
      test::webp_glb(test::face_glb({.images = {test::webp_file(test::colorful(4, 4, false))}}));
  return {test::face_glb(),
          test::trait_glb(),
          springs_file(),
          old_springs_file(),
          webp,
          test::meshopt_glb(webp),
          test::meshopt_glb(webp, "KHR_meshopt_compression"),
          test::draco_glb(webp, draco::MESH_SEQUENTIAL_ENCODING),
          test::draco_glb(webp, draco::MESH_EDGEBREAKER_ENCODING)};
}

/// With the last value of each trait; every look can be worn.
Appearance worn(const Avatar& avatar) {
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

void use(const Avatar& avatar) {
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
  const auto local = rig.local_transforms(avatar, pose);
  auto world = world_transforms(avatar, local);
  Motion motion;
  const Swing swing(avatar);
  for (const double t_s : {0.0, 0.1}) swing.move(avatar, local, world, t_s, motion);
  if (!(find_head(avatar, rig.joints(), appearance.is_hidden).height > 0)) std::abort();
  if (rig_report_json(avatar, rig).empty()) std::abort();
}

}  // namespace

/// Starts from readable avatars, which chance would take long to find.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  static const auto avatars = readable_files();
  const auto& avatar = avatars[seed % avatars.size()];
  constexpr unsigned often = 64;
  if ((size < 20 || seed / avatars.size() % often == 0) && avatar.size() <= max_size) {
    std::ranges::copy(avatar, reinterpret_cast<std::byte*>(data));
    size = avatar.size();
  }
  return LLVMFuzzerMutate(data, size, max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = std::as_bytes(std::span(data, size));
  if (const auto avatar = read_packed_avatar(file)) use(*avatar);
  // As the browser has it: what is plain then needs nothing more.
  const auto plain = unpacked(file, WebpImages::become_png);
  if (plain && read_packed_avatar(file) && !read_avatar(*plain)) std::abort();
  return 0;
}
