#include "server/http/served_file.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

using namespace vivavox;
namespace fs = std::filesystem;

TEST_CASE("validators match as RFC 9110 says") {
  CHECK(matches_etag("\"a\"", "\"a\""));
  CHECK(matches_etag("W/\"a\"", "\"a\""));
  CHECK(matches_etag("\"x\", \"a\"", "\"a\""));
  CHECK(matches_etag("*", "\"a\""));
  CHECK(!matches_etag("\"x\"", "\"a\""));
  CHECK(!matches_etag("", "\"a\""));
}

TEST_CASE("names tell types, in any case") {
  CHECK(mime_type_of_name("a.GLB") == "model/gltf-binary");
  CHECK(mime_type_of_name("a.b.wasm") == "application/wasm");
  CHECK(mime_type_of_name("a.unknown") == "application/octet-stream");
  CHECK(mime_type_of_name("none") == "application/octet-stream");
}

TEST_CASE("a file is read by parts, also after it was deleted") {
  const fs::path path = fs::temp_directory_path() / "vivavox_served_file_test";
  std::ofstream(path) << "0123456789";
  const auto file = ServedFile::open(path, "text/plain", "tag", true);
  REQUIRE(file);
  fs::remove(path);
  CHECK((*file)->size_bytes() == 10);
  CHECK((*file)->read(3, 4) == "3456");
  CHECK((*file)->read(8, 100) == "89");
  CHECK((*file)->read(20, 5).empty());
  CHECK((*file)->etag() == "\"tag\"");
  CHECK(!ServedFile::open(path, "text/plain", "tag", true));
  CHECK(!ServedFile::open(fs::temp_directory_path(), "text/plain", "tag", true));
}
