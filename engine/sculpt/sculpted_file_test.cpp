#include "engine/sculpt/sculpted_file.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "engine/sculpt/test_vivi.h"
#include "engine/stage/rig.h"
#include "engine/stage/test_glb.h"

using namespace vivavox;

TEST_CASE("A file without targets gets such as its mesh allows, and stays what it was else") {
  const auto bare = test::without_targets(test::vivi_file());
  REQUIRE(lacks_targets(bare));
  const SculptedFile made = sculpted(bare);
  CHECK_FALSE(lacks_targets(made.file));
  CHECK(std::ranges::contains(made.shapes, BlendShape::jawOpen));
  CHECK(std::ranges::contains(made.shapes, BlendShape::eyeBlinkRight));
  CHECK(std::ranges::is_sorted(made.shapes));
  const auto before = read_avatar(bare).value(), after = read_avatar(made.file).value();
  REQUIRE(after.parts.size() == before.parts.size());
  for (std::size_t i = 0; i < after.parts.size(); ++i)
    CHECK(after.parts[i].positions == before.parts[i].positions);
  CHECK(after.target_names.size() == made.shapes.size());
  CHECK(Rig(after).abilities()[static_cast<std::size_t>(BlendShape::jawOpen)] == Ability::own);
  // A second time there is nothing to do.
  CHECK(sculpted(made.file).file == made.file);
}

TEST_CASE("Files with targets, without a face, and such as cannot be read come back as they are") {
  const auto own = test::vivi_file();
  CHECK(sculpted(own).file == own);
  CHECK(sculpted(own).notes.empty());
  const auto square = test::without_targets(test::face_glb());
  const SculptedFile faceless = sculpted(square);
  CHECK(faceless.file == square);
  CHECK(faceless.shapes.empty());
  CHECK(faceless.notes.size() == 3);
  const std::vector<std::byte> garbage(100, std::byte{1});
  CHECK(sculpted(garbage).file == garbage);
  CHECK(sculpted({}).file.empty());
}
