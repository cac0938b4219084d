#include "server/http/router.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

Route find(std::string_view method, std::string_view path) {
  static const Router router(built_in_api());
  return router.find(method, path);
}

std::string id(std::string_view method, std::string_view path) {
  const Route route = find(method, path);
  return route.operation ? route.operation->id : "";
}

}  // namespace

TEST_CASE("a literal segment wins over a parameter") {
  CHECK(id("GET", "/api/v1/avatars/anna/state") == "getState");
  CHECK(id("GET", "/api/v1/avatars/voice/status") == "getVoiceStatus");
  CHECK(id("GET", "/api/v1/avatars/anna/voice/status") == "getAvatarVoiceStatus");
  CHECK(id("POST", "/api/v1/avatars/render/sequence") == "renderSequence");
  CHECK(id("HEAD", "/health") == "getHealth");
}

TEST_CASE("a known path with another method tells those it has") {
  const Route route = find("PUT", "/api/v1/avatars/anna/state");
  CHECK(!route.operation);
  CHECK(route.allowed == "GET, HEAD, PATCH, OPTIONS");
  CHECK(find("GET", "/api/v1/nothing").allowed.empty());
}

TEST_CASE("path values are decoded once, and may name no other place") {
  const Route route = find("GET", "/api/v1/avatars/a%20%C3%A9/state");
  REQUIRE(route.operation);
  CHECK(route.path_values.front().second == "a é");
  for (const char* path :
       {"/api/v1/avatars/%2e%2e/state", "/api/v1/avatars/a%2fb/state", "/api/v1/avatars/a%00/state",
        "/api/v1/avatars/%zz/state", "/api/v1/avatars/%/state", "/api/v1/avatars/a\\b/state",
        "/api/v1/avatars/%ff/state", "/api/v1/avatars//state"}) {
    CHECK(!find("GET", path).operation);
  }
  CHECK(!decode_segment("..").has_value());
  CHECK(decode_segment("%252e") == "%2e");
}

TEST_CASE("the rest of a path is one value") {
  const Route route = find("GET", "/assets/ab/cd.png");
  REQUIRE(route.operation);
  CHECK(route.path_values.front().second == "ab/cd.png");
  CHECK(!find("GET", "/assets//etc/passwd").operation);
  CHECK(!find("GET", "/assets/a/../b").operation);
}
