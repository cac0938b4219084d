#include "server/assets/asset_kind.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using namespace std::string_view_literals;

TEST_CASE("the bytes tell what a file is, not its name") {
  CHECK(kind_of_asset("glTF\2\0\0\0"sv, "x.png").mime_type == "model/gltf-binary");
  CHECK(kind_of_asset("\x89PNG\r\n\x1a\n"sv, "x.exe").type == "image");
  CHECK(kind_of_asset("RIFF\0\0\0\0WAVE"sv, "x").mime_type == "audio/wav");
  CHECK(kind_of_asset("hello", "x.png").mime_type == "application/octet-stream");
  CHECK(kind_of_asset("", "walk.anim").type == "animation");
}

TEST_CASE("nothing that a browser would run is served as such") {
  CHECK(served_mime_type("a.html", "application/octet-stream") == "application/octet-stream");
  CHECK(served_mime_type("a.svg", "application/octet-stream") == "application/octet-stream");
  CHECK(served_mime_type("a.js", "application/octet-stream") == "application/octet-stream");
  CHECK(served_mime_type("a.png", "application/octet-stream") == "image/png");
  CHECK(served_mime_type("a.fbx", "model/gltf-binary") == "application/octet-stream");
}
