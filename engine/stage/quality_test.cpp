#include "engine/stage/quality.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <functional>

using namespace vivavox;

TEST_CASE("Levels are found by name, others are refused with the names there are") {
  for (const Quality& level : quality_levels) CHECK(quality_named(level.name) == level);
  const auto none = quality_named("best");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::invalid_argument);
  CHECK(none.error().message.contains("ultra, high, medium, low, minimal"));
}

TEST_CASE("No level draws more of anything than the one before") {
  const auto is_less = [](const Quality& better, const Quality& level) {
    return level.scale <= better.scale && level.samples <= better.samples &&
           level.shadow_px <= better.shadow_px && level != better;
  };
  CHECK(std::ranges::adjacent_find(quality_levels, std::not_fn(is_less)) == quality_levels.end());
}

TEST_CASE("Every level but the last has shadows") {
  for (const Quality& level : quality_levels)
    CHECK((level.shadow_px > 0) == (level.name != "minimal"));
}
