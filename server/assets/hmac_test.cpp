#include "server/assets/hmac.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("HMAC-SHA-256 is that of RFC 4231") {
  const std::string mac = hmac_sha256("Jefe", "what do ya want for nothing?");
  CHECK(to_base64url(mac) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
  CHECK(equal_secrets(mac, hmac_sha256("Jefe", "what do ya want for nothing?")));
  CHECK(!equal_secrets(mac, hmac_sha256("Jeff", "what do ya want for nothing?")));
  CHECK(!equal_secrets(mac, mac.substr(1)));
}

TEST_CASE("base64url has one spelling for any bytes") {
  for (const std::string_view bytes : {"", "f", "fo", "foo", "\xff\xfe\xfd", "a\nb"}) {
    const std::string text = to_base64url(bytes);
    CHECK(text.find_first_of("+/=") == text.npos);
    CHECK(from_base64url(text) == bytes);
  }
  CHECK(to_base64url("fo") == "Zm8");
  // Bits that carry nothing, padding, other alphabets, a lone digit.
  for (const char* wrong : {"Zm9", "Zm8=", "Zm+/", "Z", "Z m8"}) CHECK(!from_base64url(wrong));
}

TEST_CASE("base64 is that of RFC 4648") {
  CHECK(to_base64("").empty());
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(to_base64("\xff\xfe") == "//4=");
}
