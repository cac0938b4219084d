#include "server/service/cursor.h"

#include <catch2/catch_test_macros.hpp>

#include "server/assets/base64.h"

using namespace vivavox;

TEST_CASE("a cursor is read as it was made, by its own list alone") {
  const ListPlace place{1'800'000'000'123, "a\"b/ü"};
  const std::string cursor = cursor_of("renders of anna", place);
  const auto read = read_cursor("renders of anna", cursor);
  REQUIRE(read);
  CHECK(read->at == place.at);
  CHECK(read->id == place.id);
  CHECK(!read_cursor("renders", cursor));
  for (const std::string& wrong :
       {std::string(), std::string("x"), cursor.substr(1), cursor + "A", to_base64url("[]"),
        to_base64url(R"(["renders of anna","1","x"])"), to_base64url(R"(["renders of anna",1,2])"),
        to_base64url(R"({"renders of anna":1})"), to_base64url(std::string(3000, '['))}) {
    CHECK(!read_cursor("renders of anna", wrong));
  }
}
