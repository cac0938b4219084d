#include "server/store/precondition.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("If-Match fits a tag of its list, by the strong comparison") {
  CHECK(check_unchanged("", "\"1\""));
  CHECK(check_unchanged("\"1\"", "\"1\""));
  CHECK(check_unchanged("\"0\",  \"1\"\t", "\"1\""));
  CHECK(check_unchanged("*", "\"1\""));
  for (const char* other : {"\"2\"", "W/\"1\"", "1", ",", " ", "\"1", "\"11\""}) {
    const auto checked = check_unchanged(other, "\"1\"");
    REQUIRE(!checked);
    CHECK(checked.error().code == ErrorCode::precondition_failed);
  }
}

TEST_CASE("what is not there fits no If-Match") {
  CHECK(check_may_be_missing(""));
  CHECK(!check_may_be_missing("*"));
}

TEST_CASE("tags tell one state, and one beginning, from the next") {
  CHECK(etag_of(StoredAvatar{.created_at = 10, .revision = 2}) == "\"a-2\"");
  CHECK(etag_of(Session{.last_seq = 1, .epoch = 2}) != etag_of(Session{.last_seq = 2, .epoch = 1}));
  const Preset preset{.preset_id = "p", .name = "n", .values = {{"shading", "flat"}}};
  Preset other = preset;
  CHECK(etag_of(other) == etag_of(preset));
  other.values["shading"] = "toon";
  CHECK(etag_of(other) != etag_of(preset));
}
