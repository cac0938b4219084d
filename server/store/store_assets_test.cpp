#include <catch2/catch_test_macros.hpp>

#include "server/store/opened_store.h"

using namespace vivavox;

TEST_CASE("assets have versions, and content is kept while one names it") {
  BOTH_SYSTEMS;
  const std::string name = fresh("50%_a.glb");
  const auto first = store->add_asset(asset_of(name, name), everything);
  const auto second = store->add_asset(asset_of(name, name), everything);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->version == 2);
  CHECK(store->asset_of_name(name, std::nullopt, everything)->version == 2);
  CHECK(store->asset_of_name(name, 1, everything)->asset_id == first->asset_id);
  CHECK(store->assets({}, name.substr(0, 6), "", everything)->entries.front().version == 2);
  CHECK(store->assets({}, "", name, everything)->entries.size() == 2);
  CHECK((*store->delete_asset(first->asset_id, everything))->assets.empty());
  CHECK((*store->delete_asset(second->asset_id, everything))->assets ==
        std::vector<std::string>{second->file_path});
  CHECK(!*store->delete_asset(second->asset_id, everything));
  const std::string reserved = fresh("reserved");
  REQUIRE(store->reserve_asset(reserved, "later.bin", everything));
  CHECK(store->reservation(reserved, everything) == "later.bin");
  Asset filled = asset_of("later.bin", reserved);
  filled.asset_id = reserved;
  REQUIRE(store->add_asset(filled, everything));
  CHECK(!store->reservation(reserved, everything));
}
