#include "server/assets/base64.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("base64 is that of RFC 4648, in its one spelling") {
  CHECK(to_base64("").empty());
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(to_base64("\xff\xfe") == "//4=");
  for (const std::string_view bytes : {"", "f", "fo", "foo", "\xff\xfe\xfd", "a\nb"}) {
    CHECK(from_base64(to_base64(bytes)) == bytes);
  }
  // Bits that carry nothing, no padding, too much of it, spaces, the other alphabet.
  for (const char* wrong : {"Zm9=", "Zm8", "Z===", "====", " Zm8", "Zm8=\n\n\n\n", "__4="}) {
    CHECK(!from_base64(wrong));
  }
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
