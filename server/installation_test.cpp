#include "server/installation.h"

#include <catch2/catch_test_macros.hpp>

#include "server/assets/test_folder.h"

using namespace vivavox;
namespace fs = std::filesystem;

TEST_CASE("An installed program has its files beside it, wherever that is") {
  const TestFolder prefix;
  fs::create_directories(prefix.path / "share/vivavox/espeak-ng-data");
  const Installation found = installation_of(prefix.path / "bin/vivavox");
  CHECK(found.web_app == prefix.path / "share/vivavox/web");
  CHECK(found.api_pages == prefix.path / "share/vivavox/swagger-ui");
  CHECK(found.espeak_data == prefix.path / "share/vivavox/espeak-ng-data");
  CHECK(found.onnxruntime_libraries.front() == prefix.path / "lib/vivavox/libonnxruntime.so.1");
}

TEST_CASE("An installed program without data of its own takes Debian's") {
  const TestFolder prefix;
  fs::create_directories(prefix.path / "share/vivavox");
  CHECK(installation_of(prefix.path / "bin/vivavox").espeak_data == VIVAVOX_ESPEAK_DATA);
}

TEST_CASE("A program where it was built has what it was built from") {
  const TestFolder build;
  const Installation found = installation_of(build.path / "server/vivavox");
  CHECK(found.web_app == "build/web");
  CHECK(found.espeak_data == VIVAVOX_ESPEAK_DATA);
  CHECK(found.onnxruntime_libraries.front().ends_with(
      "node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1"));
}
