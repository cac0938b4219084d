#include "server/assets/file_store.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "server/assets/part_files.h"

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

/// A folder that goes with the test.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("vivavox_files_" + random_hex(6));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

void put(const FileStore& store, std::string_view content, const std::string& name) {
  auto file = store.stage();
  REQUIRE(file);
  REQUIRE(file->append(content));
  REQUIRE(store.put(*std::move(file), name));
}

std::size_t count_files(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::ranges::count_if(fs::recursive_directory_iterator(folder),
                            [](const auto& entry) { return entry.is_regular_file(); }));
}

}  // namespace

TEST_CASE("a file appears whole, or leaves nothing behind") {
  const Folder folder;
  const auto store = FileStore::open(folder.path / "store");
  REQUIRE(store);
  {
    auto dropped = store->stage();
    REQUIRE(dropped);
    REQUIRE(dropped->append("half"));
  }
  CHECK(count_files(folder.path) == 0);
  auto file = store->stage();
  REQUIRE(file->append("abc"));
  CHECK(file->size_bytes() == 3);
  CHECK(file->head() == "abc");
  CHECK(file->sha256() == sha256_hex("abc"));
  REQUIRE(store->put(*std::move(file), "ab/c.txt"));
  CHECK(store->resolve("ab/c.txt"));
  CHECK(store->link("ab/c.txt", "second"));
  store->remove({"ab/c.txt"});
  CHECK(!store->resolve("ab/c.txt"));
  CHECK(store->resolve("second"));
}

TEST_CASE("no name leads out of the folder") {
  const Folder folder;
  const auto store = FileStore::open(folder.path / "store");
  put(*store, "inside", "inside");
  std::ofstream(folder.path / "outside") << "outside";
  fs::create_symlink(folder.path / "outside", folder.path / "store/link");
  CHECK(store->resolve("inside"));
  for (const char* name : {"../outside", "link", "", ".", "..", "/etc/passwd", "a//b", "./inside",
                           "inside/", ".staging", "a\\b", "a\nb", "x/../inside"}) {
    CHECK(!store->resolve(name));
  }
  CHECK(!store->resolve(std::string("inside\0", 7)));
  CHECK(!store->resolve(std::string(2000, 'a')));
}

TEST_CASE("a sweep removes what nobody knows, and tells what is missing") {
  const Folder folder;
  const auto store = FileStore::open(folder.path);
  put(*store, "kept", "kept");
  put(*store, "orphan", "or/phan");
  const auto missing = store->sweep({"kept", "gone"}, 0);
  CHECK(missing == std::vector<std::string>{"gone"});
  CHECK(store->resolve("kept"));
  CHECK(!store->resolve("or/phan"));
  put(*store, "young", "young");
  CHECK(store->sweep({"kept"}, 3600).empty());
  CHECK(store->resolve("young"));
}

TEST_CASE("names of assets are plain") {
  CHECK(is_plain_name("Gesicht 1.glb"));
  for (const char* name : {"", ".hidden", "a/b", "a\\b", "a\tb"}) CHECK(!is_plain_name(name));
  CHECK(!is_plain_name(std::string(201, 'a')));
}

TEST_CASE("parts of a file gather, for one request at a time") {
  const Folder folder;
  auto parts = PartFiles::open_folder(folder.path / "parts");
  const auto store = FileStore::open(folder.path / "store");
  REQUIRE(parts);
  {
    auto part = parts->open("id");
    REQUIRE(part);
    REQUIRE(part->append("first "));
    CHECK(!parts->open("id"));
  }
  auto part = parts->open("id");
  REQUIRE(part);
  CHECK(part->size_bytes() == 6);
  REQUIRE(part->append("second"));
  auto whole = store->stage();
  REQUIRE(part->copy_to(*whole));
  CHECK(whole->sha256() == sha256_hex("first second"));
  parts->sweep({"id"});
  CHECK(fs::exists(folder.path / "parts/id"));
  part->remove();
  CHECK(!fs::exists(folder.path / "parts/id"));
}
