#include <catch2/catch_test_macros.hpp>

#include "server/store/opened_store.h"

using namespace vivavox;

TEST_CASE("presets and settings are replaced by their key") {
  BOTH_SYSTEMS;
  const std::string id = fresh("preset");
  CHECK(store->preset("default", everything));
  REQUIRE(store->put_preset({.preset_id = id, .name = "One", .values = {{"a", 1}}}, everything));
  REQUIRE(store->put_preset({.preset_id = id, .name = "Two", .values = {{"b", 2}}}, everything));
  CHECK(store->preset(id, everything)->name == "Two");
  CHECK(!store->preset(id, everything)->values.contains("a"));
  REQUIRE(store->delete_preset(id, everything, ""));
  CHECK(store->preset(id, everything).error().code == ErrorCode::not_found);
  REQUIRE(store->set_config({{id, "1"}}));
  REQUIRE(store->set_config({{id, "2"}}));
  CHECK(store->config()->at(id) == "2");
}
