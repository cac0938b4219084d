#include "engine/sculpt/face_targets.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/sculpt/test_vivi.h"

using namespace vivavox;
using Catch::Approx;

namespace {

/// Vivi, who has all shapes.
const Avatar& vivi() {
  static const Avatar avatar = read_avatar(test::vivi_file()).value();
  return avatar;
}

Avatar bare_vivi() {
  return read_avatar(test::without_targets(test::vivi_file())).value();
}

const FaceTargets& made() {
  static const FaceTargets targets = [] {
    const Avatar bare = bare_vivi();
    return make_face_targets(bare, Rig(bare));
  }();
  return targets;
}

using Ways = std::vector<float3>;

/// How far each vertex of a part goes by Vivi's own target.
Ways own_ways(std::size_t part, BlendShape shape) {
  Ways ways(vivi().parts[part].positions.size(), float3(0.0F));
  for (const MorphTarget& target : vivi().parts[part].targets) {
    if (vivi().target_names[target.target] != name(shape)) continue;
    for (std::size_t i = 0; i < target.vertices.size(); ++i)
      ways[target.vertices[i]] = target.positions[i];
  }
  return ways;
}

Ways made_ways(std::size_t part, BlendShape shape) {
  Ways ways(vivi().parts[part].positions.size(), float3(0.0F));
  for (const FaceTarget& target : made().targets) {
    if (target.part != part || target.shape != shape) continue;
    for (std::size_t i = 0; i < target.vertices.size(); ++i)
      ways[target.vertices[i]] = target.positions[i];
  }
  return ways;
}

std::size_t part_named(std::string_view wanted) {
  const auto found = std::ranges::find(vivi().parts, wanted, &AvatarPart::name);
  REQUIRE(found != vivi().parts.end());
  return static_cast<std::size_t>(found - vivi().parts.begin());
}

/// How alike two shapes are, 1: all vertices go the same ways, whatever their size.
float likeness(const Ways& one, const Ways& other) {
  float both = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    both += dot(one[i], other[i]);
    first += dot(one[i], one[i]);
    second += dot(other[i], other[i]);
  }
  return both / std::sqrt(first * second);
}

float largest(const Ways& ways) {
  return length(*std::ranges::max_element(ways, {}, [](float3 way) { return length(way); }));
}

}  // namespace

TEST_CASE("Vivi without her shapes gets such as she had") {
  using enum BlendShape;
  const std::size_t head = part_named("head");
  const auto check = [&](BlendShape shape, float least) {
    const Ways own = own_ways(head, shape), ours = made_ways(head, shape);
    INFO(name(shape) << ": " << likeness(own, ours) << ", " << largest(ours) / largest(own));
    CHECK(likeness(own, ours) > least);
    CHECK(largest(ours) / largest(own) == Approx(1).margin(0.45));
  };
  check(jawOpen, 0.9F);
  check(mouthPucker, 0.75F);
  check(mouthFunnel, 0.75F);
  check(mouthSmileLeft, 0.75F);
  check(mouthStretchRight, 0.75F);
  check(mouthLowerDownLeft, 0.6F);
  check(eyeBlinkLeft, 0.8F);
  check(eyeBlinkRight, 0.8F);
}

TEST_CASE("Lips part along the line that the modeller has them part along") {
  const std::size_t head = part_named("head");
  const Ways own = own_ways(head, BlendShape::jawOpen), ours = made_ways(head, BlendShape::jawOpen);
  // Where lips touch, a modeller's drop by more than half is the lower lip's.
  std::size_t wrong = 0, all = 0;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const float3 place = vivi().parts[head].positions[i];
    constexpr float line_y = 1.548F, near = 0.006F, half_width = 0.014F, front = 0.078F;
    if (std::abs(place.y - line_y) > near || std::abs(place.x) > half_width || place.z < front)
      continue;
    constexpr float half_drop = 0.019F;
    ++all;
    if ((own[i].y < -half_drop) != (ours[i].y < -half_drop)) ++wrong;
  }
  REQUIRE(all > 200);
  CHECK(wrong == 0);
}

TEST_CASE("Lower teeth and the tongue go with the jaw, upper teeth and hair stay") {
  const auto drop = [](std::string_view part) {
    return largest(made_ways(part_named(part), BlendShape::jawOpen));
  };
  CHECK(drop("teeth_lower") > 0.03F);
  CHECK(drop("tongue") > 0.02F);
  CHECK(drop("teeth_upper") == 0);
  CHECK(drop("hair") == 0);
  CHECK(largest(made_ways(part_named("lashes"), BlendShape::eyeBlinkLeft)) > 0.01F);
}

TEST_CASE("What a rig has is not made") {
  const FaceTargets none = make_face_targets(vivi(), Rig(vivi()));
  CHECK(none.targets.empty());
  CHECK(none.notes.empty());
}

TEST_CASE("A face that is closed between lips and over its eyes stays as it is, and says why") {
  Avatar closed = bare_vivi();
  // Without the lips' inner sides and with skin alone nothing says where mouth and eyes are.
  std::erase_if(closed.parts, [&](const AvatarPart& part) {
    return closed.materials[part.material].surface != Surface::skin;
  });
  for (AvatarPart& part : closed.parts) {
    for (float3& place : part.positions) place.z = std::min(place.z, 0.0F);
  }
  const FaceTargets none = make_face_targets(closed, Rig(closed));
  CHECK(none.targets.empty());
  REQUIRE(none.notes.size() == 3);
  CHECK(none.notes[0] == "the mouth is not deformed: no slit between lips is found");
  CHECK(none.notes[1] == "the left lids are not deformed: no eye is found");
}

TEST_CASE("Avatars that are vast, out of all bounds or too large for it stay as they are") {
  const auto notes_with = [](float scale, std::size_t copies) {
    Avatar avatar = bare_vivi();
    for (AvatarNode& node : avatar.nodes) {
      if (!node.parent) node.scale = float3(scale);
    }
    const std::vector<AvatarPart> parts = avatar.parts;
    for (std::size_t i = 1; i < copies; ++i)
      avatar.parts.insert(avatar.parts.end(), parts.begin(), parts.end());
    const FaceTargets made = make_face_targets(avatar, Rig(avatar));
    CHECK(made.targets.empty());
    return made.notes.at(0);
  };
  CHECK(notes_with(1e30F, 1).contains("no sensible size"));
  CHECK(notes_with(0, 1).contains("no sensible size"));
  CHECK(notes_with(1, 20).contains("more than 250,000 vertices"));
}

TEST_CASE("A head of another size or place is deformed as well") {
  Avatar avatar = bare_vivi();
  for (AvatarNode& node : avatar.nodes) {
    if (node.parent) continue;
    node.scale = float3(100);
    node.translation = node.translation * 100 + float3(0, -50, 30);
  }
  const FaceTargets other = make_face_targets(avatar, Rig(avatar));
  CHECK(other.targets.size() == made().targets.size());
}
