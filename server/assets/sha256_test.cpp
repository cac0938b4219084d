#include "server/assets/sha256.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("digests are those of FIPS 180-4") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 digest;
  digest.add("a");
  digest.add("");
  digest.add("bc");
  CHECK(digest.hex() == sha256_hex("abc"));
}

TEST_CASE("random ids differ") {
  CHECK(random_hex(12).size() == 24);
  CHECK(random_hex(12) != random_hex(12));
}
