#include "server/assets/file_store.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "server/assets/part_files.h"
#include "server/assets/test_folder.h"

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

/// As if the service gave all files such names.
bool any_name(std::string_view) {
  return true;
}

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
  const TestFolder folder;
  const auto store = FileStore::open(folder.path / "store", any_name);
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
  const TestFolder folder;
  const auto store = FileStore::open(folder.path / "store", any_name);
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

TEST_CASE("a sweep quarantines what nobody knows, and brings back what is known after all") {
  const TestFolder folder;
  const auto store = FileStore::open(folder.path, any_name);
  put(*store, "kept", "kept");
  put(*store, "orphan", "or/phan");
  const auto first = store->sweep({"kept", "gone"}, 0);
  CHECK(first.missing == std::vector<std::string>{"gone"});
  CHECK(first.quarantined == std::vector<std::string>{"or/phan"});
  CHECK(store->resolve("kept"));
  CHECK(!store->resolve("or/phan"));
  const auto second = store->sweep({"kept", "or/phan"}, 0);
  CHECK(second.given_back == std::vector<std::string>{"or/phan"});
  CHECK(second.missing.empty());
  CHECK(store->resolve("or/phan"));
  put(*store, "young", "young");
  CHECK(store->sweep({"kept"}, 3600).quarantined.empty());
  CHECK(store->resolve("young"));
}

TEST_CASE("a second name of an old file is young") {
  const TestFolder folder;
  const auto store = FileStore::open(folder.path, any_name);
  put(*store, "old", "old");
  fs::last_write_time(folder.path / "old",
                      fs::file_time_type::clock::now() - std::chrono::hours(48));
  REQUIRE(store->link("old", "second"));
  CHECK(store->sweep({"old"}, 3600).quarantined.empty());
  CHECK(store->resolve("second"));
}

TEST_CASE("a sweep touches only names of the service's making, and no links") {
  const TestFolder folder;
  const auto store =
      FileStore::open(folder.path, [](std::string_view name) { return is_hex_name(name, 4); });
  const fs::path elsewhere = folder.path / "elsewhere.txt";
  for (const char* name : {"elsewhere.txt", "abcd.txt", "abcde", "abcg", "abcd"}) {
    std::ofstream(folder.path / name) << name;
  }
  fs::create_symlink(elsewhere, folder.path / "dcba");
  auto swept = store->sweep({}, 0);
  std::ranges::sort(swept.quarantined);
  CHECK(swept.quarantined == std::vector<std::string>{"abcd", "abcd.txt"});
  CHECK(fs::exists(elsewhere));
  CHECK(fs::is_symlink(folder.path / "dcba"));
}

TEST_CASE("what a killed maker left in the making is removed") {
  const TestFolder folder;
  const auto store = FileStore::open(folder.path, any_name);
  const std::string digits(24, 'a');
  for (const std::string& name :
       {digits + ".mp4", "." + digits + ".123-4.mp4", "." + digits + ".123-5.f32"}) {
    std::ofstream(folder.path / ".staging" / name) << "half";
  }
  std::ofstream(folder.path / ".staging/notes.txt") << "someone's";
  store->sweep({}, 0);
  CHECK(count_files(folder.path) == 1);
  CHECK(fs::exists(folder.path / ".staging/notes.txt"));
}

TEST_CASE("names of assets are plain") {
  CHECK(is_plain_name("Gesicht 1.glb"));
  for (const char* name : {"", ".hidden", "a/b", "a\\b", "a\tb"}) CHECK(!is_plain_name(name));
  CHECK(!is_plain_name(std::string(201, 'a')));
}

TEST_CASE("parts of a file gather, for one request at a time") {
  const TestFolder folder;
  fs::create_directories(folder.path / "parts");
  auto parts = PartFiles::open_folder(folder.path / "parts");
  const auto store = FileStore::open(folder.path / "store", any_name);
  {
    auto part = parts.open("id");
    REQUIRE(part);
    REQUIRE(part->append("first "));
    CHECK(!parts.open("id"));
  }
  auto part = parts.open("id");
  REQUIRE(part);
  CHECK(part->size_bytes() == 6);
  REQUIRE(part->append("second"));
  auto whole = store->stage();
  REQUIRE(part->copy_to(*whole));
  CHECK(whole->sha256() == sha256_hex("first second"));
  parts.sweep({"id"});
  CHECK(fs::exists(folder.path / "parts/id"));
  part->remove();
  CHECK(!fs::exists(folder.path / "parts/id"));
}
