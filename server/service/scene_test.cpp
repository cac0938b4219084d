#include "server/service/scene.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
namespace json = boost::json;

TEST_CASE("a resolution is written in three ways") {
  const auto is = [](const json::value& value, int width, int height) {
    const auto size = resolution_of(value);
    return size && size->width_px == width && size->height_px == height;
  };
  CHECK(is("640x480", 640, 480));
  CHECK(is("256", 256, 256));
  CHECK(is(512, 512, 512));
  CHECK(is(json::array{100, 200}, 100, 200));
  for (const json::value& wrong :
       {json::value("63x64"), json::value("5000"), json::value("axb"), json::value("64x"),
        json::value("64x64x"), json::value(-1), json::value(1e18), json::value(nullptr)}) {
    CHECK(!resolution_of(wrong));
  }
}

TEST_CASE("scenes that look different have different digests") {
  const Scene scene{.avatar_id = "a"};
  const std::string digest = digest_of(scene, "png", 0);
  CHECK(digest == digest_of(Scene{.avatar_id = "a"}, "png", 0));
  CHECK(digest != digest_of(scene, "jpeg", 0));
  CHECK(digest != digest_of(scene, "png", 0.5));
  Scene other = scene;
  other.background = Color{0, 0, 0};
  CHECK(digest != digest_of(other, "png", 0));
  other = scene;
  other.mood = "happy";
  CHECK(digest != digest_of(other, "png", 0));
}
