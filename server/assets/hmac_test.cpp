#include "server/assets/hmac.h"

#include <catch2/catch_test_macros.hpp>

#include "server/assets/base64.h"

using namespace vivavox;

TEST_CASE("HMAC-SHA-256 is that of RFC 4231") {
  const std::string mac = hmac_sha256("Jefe", "what do ya want for nothing?");
  CHECK(to_base64url(mac) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
  CHECK(equal_secrets(mac, hmac_sha256("Jefe", "what do ya want for nothing?")));
  CHECK(!equal_secrets(mac, hmac_sha256("Jeff", "what do ya want for nothing?")));
  CHECK(!equal_secrets(mac, mac.substr(1)));
}
