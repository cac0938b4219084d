#include "engine/stage/growing_glb.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstring>

#include "engine/stage/gltf.h"

using namespace vivavox;

namespace {

std::vector<std::byte> some_bytes(std::size_t count, int value) {
  return std::vector<std::byte>(count, static_cast<std::byte>(value));
}

}  // namespace

TEST_CASE("What is put into a file is read from it") {
  gltf::GrowingGlb file({{"asset", {{"version", "2.0"}}}}, some_bytes(3, 9));
  const auto first = some_bytes(5, 1), second = some_bytes(6, 2), third = some_bytes(1, 3);
  CHECK(file.add(first) == 0);
  CHECK(file.add(second) == 1);
  gltf::array_of(file.root(), "bufferViews")[0].as_object()["byteStride"] = 4;
  file.put(0, third);
  const auto bytes = file.bytes();
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, sizeof length);
  CHECK(length == bytes.size());

  const gltf::Document document(bytes);
  CHECK(std::ranges::equal(document.buffer_view(0), third));
  CHECK(std::ranges::equal(document.buffer_view(1), second));
  CHECK(std::ranges::equal(document.binary().first(3), some_bytes(3, 9)));
  CHECK(document.element("bufferViews", 0).at("byteStride") == 4);
  for (const std::size_t view : {0, 1})
    CHECK(document.element("bufferViews", view).at("byteOffset").to_number<int>() % 4 == 0);
  CHECK(document.element("buffers", 0).at("byteLength") == document.binary().size());
  CHECK(document.root().at("asset").at("version") == "2.0");
}
