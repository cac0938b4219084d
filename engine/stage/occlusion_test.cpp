#include "engine/stage/occlusion.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "engine/stage/framing.h"

using namespace vivavox;

namespace {

Avatar avatar_of(const std::string& name) {
  std::ifstream file(VIVAVOX_ROOT "/shared/avatars/" + name + ".glb", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  REQUIRE(avatar);
  return *std::move(avatar);
}

/// The mean openness of a kind of surface.
double mean(const Avatar& avatar, const std::vector<VertexOpenness>& open, Surface surface,
            Opening opening) {
  double sum = 0, count = 0;
  auto vertex = open.begin();
  for (const AvatarPart& part : avatar.parts) {
    const auto end = vertex + std::ssize(part.positions);
    const bool counts = avatar.materials[part.material].surface == surface;
    for (; vertex != end; ++vertex) sum += counts ? (*vertex)[std::size_t(opening)] : 0;
    if (counts) count += double(part.positions.size());
  }
  REQUIRE(count > 0);
  return sum / count / 255;
}

std::vector<VertexOpenness> looked_around(const Avatar& avatar, const Rig& rig,
                                          std::span<const TraitChoice> choices) {
  const auto values = chosen_values(avatar.traits, choices);
  REQUIRE(values);
  const Appearance appearance = appearance_of(avatar, *values);
  const FaceJoints joints = find_joints(avatar);
  Occlusion occlusion(avatar, rig, to_stage(find_head(avatar, joints, appearance.is_hidden)),
                      appearance);
  while (occlusion.look(10)) continue;
  return occlusion.result();
}

}  // namespace

TEST_CASE("the mouth is dark, and opens with the jaw; eyes lose light to closed lids") {
  const Avatar avatar = avatar_of("vivi");
  const Rig rig(avatar);
  const std::vector<VertexOpenness> open = looked_around(avatar, rig, {});

  const double skin = mean(avatar, open, Surface::skin, Opening::at_rest);
  const double tongue = mean(avatar, open, Surface::tongue, Opening::at_rest);
  CHECK(skin > tongue + 0.15);
  CHECK(tongue < 0.6);
  for (const Surface inside : {Surface::mouth, Surface::teeth, Surface::tongue}) {
    CHECK(mean(avatar, open, inside, Opening::open_jaw) >
          mean(avatar, open, inside, Opening::at_rest) + 0.01);
  }
  const double eye = mean(avatar, open, Surface::eye, Opening::at_rest);
  CHECK(mean(avatar, open, Surface::eye, Opening::closed_left_lids) < eye);
  CHECK(mean(avatar, open, Surface::eye, Opening::closed_right_lids) < eye);
  // What the jaw does not move it leaves as it is.
  CHECK(std::abs(mean(avatar, open, Surface::hair, Opening::open_jaw) -
                 mean(avatar, open, Surface::hair, Opening::at_rest)) < 0.02);
}

TEST_CASE("hair that is not worn shades nobody, and what is hidden is in no shade") {
  const Avatar avatar = avatar_of("family");
  const Rig rig(avatar);
  const std::array bald{TraitChoice{"hair", "none"}};
  const std::vector<VertexOpenness> worn = looked_around(avatar, rig, {});
  const std::vector<VertexOpenness> bare = looked_around(avatar, rig, bald);
  CHECK(mean(avatar, bare, Surface::skin, Opening::at_rest) >
        mean(avatar, worn, Surface::skin, Opening::at_rest) + 0.05);
  CHECK(mean(avatar, bare, Surface::hair, Opening::at_rest) == 1);
}
