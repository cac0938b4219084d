#include "server/files.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

struct TemporaryFolder {
  fs::path path = fs::temp_directory_path() / temporary_beside("vivavox-files").filename();
  TemporaryFolder() { fs::create_directory(path); }
  ~TemporaryFolder() { fs::remove_all(path); }
};

}  // namespace

TEST_CASE("what was written is read") {
  const TemporaryFolder folder;
  const fs::path path = folder.path / "a.txt";
  REQUIRE(write_file(path, std::string_view("one\0two", 7)).has_value());
  CHECK(read_text_file(path) == std::string("one\0two", 7));
  REQUIRE(write_file(path, "three").has_value());
  CHECK(read_text_file(path) == "three");
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator{}) == 1);
}

TEST_CASE("what cannot be read or written says why") {
  const TemporaryFolder folder;
  CHECK(read_file(folder.path / "none").error().code == ErrorCode::not_found);
  CHECK(read_file(folder.path).error().message.ends_with("is a folder, not a file"));
  CHECK(write_file(folder.path / "no" / "such", "x").error().code == ErrorCode::io_failed);
  REQUIRE(write_file(folder.path / "big", "12345").has_value());
  CHECK(read_file(folder.path / "big", 4).error().code == ErrorCode::io_failed);
  CHECK(read_file(folder.path / "big", 5).has_value());
}
