#include "server/service/glb_report.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "engine/unpack/test_packed.h"
#include "server/avatar_file.h"
#include "server/files.h"

using namespace vivavox;
namespace fs = std::filesystem;

namespace {

Result<boost::json::object> report_of(std::span<const std::byte> bytes) {
  const fs::path path = fs::temp_directory_path() / "vivavox_glb_report_test.glb";
  REQUIRE(write_file(path, bytes));
  auto report = glb_report(path);
  fs::remove(path);
  return report;
}

}  // namespace

TEST_CASE("a model is described by what its rig can do") {
  const auto report = report_of(vivi_file());
  REQUIRE(report);
  CHECK(report->at("showable") == true);
  CHECK(report->at("rig").as_object().contains("blendShapes"));
}

TEST_CASE("a packed model is described, too") {
  const auto plain = test::face_glb();
  for (const auto& packed :
       {test::meshopt_glb(plain), test::draco_glb(plain, draco::MESH_SEQUENTIAL_ENCODING)}) {
    const auto report = report_of(packed);
    REQUIRE(report);
    CHECK(report->at("showable") == true);
  }
}

TEST_CASE("what is no GLB is refused, what cannot be shown is said") {
  const auto vivi = vivi_file();
  for (const std::size_t length : {std::size_t{0}, std::size_t{11}, std::size_t{1000}}) {
    const auto report = report_of(vivi.first(length));
    REQUIRE(!report);
    CHECK(report.error().code == ErrorCode::invalid_avatar);
  }
  std::string empty("glTF\2\0\0\0\x34\0\0\0\x20\0\0\0JSON", 20);
  empty += R"({"asset":{"version":"2.0"}}     )";
  const auto report = report_of(std::as_bytes(std::span(empty)));
  REQUIRE(report);
  CHECK(report->at("showable") == false);
}
