#include "engine/stage/material_packages.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace vivavox;

TEST_CASE("Packed materials come out by name, with what they have in common") {
  // Two materials, "a" of 6 bytes and "bc" of 3: "xy", 4 bytes from 2 before, "z", 2 from 3 before.
  const std::string packed{"\2\1a\6\2bc\3\2xy\4\2\1z\2\3\0", 19};
  const MaterialPackages packages(
      std::span(reinterpret_cast<const unsigned char*>(packed.data()), packed.size()));
  const auto text = [&](const char* name) {
    const auto bytes = packages.at(name);
    return std::string(bytes.begin(), bytes.end());
  };
  CHECK(text("a") == "xyxyxy");
  CHECK(text("bc") == "zxy");
}
