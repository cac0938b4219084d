#include "server/assets/folder_mark.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "server/assets/test_folder.h"

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

const FolderMark ours{"renders", "0011"};

Result<void> claim(const fs::path& folder, bool in_use, std::vector<std::string> known = {}) {
  return claim_folder(folder, "RENDERS_DIR", ours, in_use, known);
}

}  // namespace

TEST_CASE("an empty or new folder is claimed, and known again") {
  const TestFolder folder;
  CHECK(claim(folder.path, false));
  CHECK(claim(folder.path, true));
  CHECK(claim(folder.path / "new/below", false));
  folder.add("file");
  CHECK(claim(folder.path, true));
}

TEST_CASE("someone's folder is not claimed") {
  const TestFolder folder;
  folder.add("holiday.jpg");
  for (const bool in_use : {false, true}) {
    const auto claimed = claim(folder.path, in_use);
    REQUIRE(!claimed);
    CHECK(claimed.error().message.find("RENDERS_DIR") == 0);
    CHECK(claimed.error().message.find("not this service's") != std::string::npos);
  }
}

TEST_CASE("another database's folder, and another kind's, are not claimed") {
  const TestFolder folder;
  REQUIRE(claim_folder(folder.path, "RENDERS_DIR", {"renders", "2233"}, false, {}));
  CHECK(claim(folder.path, true).error().message.find("another database") != std::string::npos);
  const TestFolder audios;
  REQUIRE(claim_folder(audios.path, "AUDIOS_DIR", {"audios", "0011"}, false, {}));
  CHECK(claim(audios.path, false).error().message.find("a folder of its own") != std::string::npos);
}

TEST_CASE("a folder that was claimed may not be missing or empty, until its mark is put there") {
  const TestFolder folder;
  CHECK(claim(folder.path, true).error().message.find("is empty") != std::string::npos);
  CHECK(claim(folder.path / "gone", true).error().message.find("is missing") != std::string::npos);
  CHECK(!fs::exists(folder.path / "gone"));
  std::ofstream(folder.path / folder_mark_name) << ours.text();
  CHECK(claim(folder.path, true));
}

TEST_CASE("a folder from before there were marks is known by a file of the database") {
  const TestFolder folder;
  folder.add("known.png");
  CHECK(!claim(folder.path, false, {"other.png"}));
  CHECK(claim(folder.path, false, {"other.png", "known.png"}));
  CHECK(fs::exists(folder.path / folder_mark_name));
}
