#include "server/http/access.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("keys allow what their scope says") {
  const auto keys =
      ApiKeys::parse("reader-0123456789:read, writer-0123456789,admin-01234567890:admin");
  REQUIRE(keys);
  CHECK(keys->scope_of("reader-0123456789") == Scope::read);
  CHECK(keys->scope_of("writer-0123456789") == Scope::write);
  CHECK(keys->scope_of("admin-01234567890") == Scope::admin);
  CHECK(keys->scope_of("reader-012345678") == Scope::none);
  CHECK(keys->scope_of("") == Scope::none);
  CHECK(ApiKeys::parse("")->empty());
  CHECK(!ApiKeys::parse("short"));
  CHECK(!ApiKeys::parse("reader-0123456789:owner"));
}

TEST_CASE("without keys only this machine is served") {
  const ApiKeys none = *ApiKeys::parse("");
  CHECK(check_exposure("127.0.0.1", none));
  CHECK(check_exposure("localhost", none));
  CHECK(check_exposure("::1", none));
  CHECK(!check_exposure("0.0.0.0", none));
  CHECK(!check_exposure("192.0.2.1", none));
  CHECK(check_exposure("0.0.0.0", *ApiKeys::parse("reader-0123456789:read")));
}

TEST_CASE("origins are allowed by list, by star, or as the page's own") {
  const Origins listed("https://a.example, https://b.example");
  CHECK(listed.allows("https://b.example"));
  CHECK(!listed.allows("https://b.example.evil"));
  CHECK(!Origins("").allows("https://a.example"));
  CHECK(Origins("*").allows("https://anything.example"));
  CHECK(Origins::is_same("http://localhost:8080", "localhost:8080"));
  CHECK(!Origins::is_same("http://localhost:8081", "localhost:8080"));
  CHECK(!Origins::is_same("null", ""));
}
