#include "server/service/storage.h"

#include <catch2/catch_test_macros.hpp>
#include <optional>

#include "server/store/opened_store.h"

namespace vivavox {
namespace {

struct Kept {
  Opened store{"sqlite"};
  PartFiles parts = PartFiles::open_folder(store.folder / "parts");
  Settings settings{.max_storage_bytes = 100};
  Storage storage{settings, *store.store, parts};
};

TEST_CASE("what is being stored takes its room, whatever is counted meanwhile") {
  Kept kept;
  std::optional room(kept.storage.admit(60));
  REQUIRE(*room);
  REQUIRE(kept.storage.refresh());
  CHECK_FALSE(kept.storage.admit(60));
  room.reset();
  // The database was never told: it counts again where there seems to be no room.
  CHECK(kept.storage.admit(60));
}

}  // namespace
}  // namespace vivavox
