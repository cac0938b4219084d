#include "engine/sculpt/mouth_line.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/sculpt/test_faces.h"

using namespace vivavox;
using Catch::Approx;

namespace {

std::expected<MouthLine, std::string_view> mouth_of(const test::Sheet& sheet) {
  return find_mouth(sheet.places, sheet.triangles, test::sheet_head);
}

}  // namespace

TEST_CASE("The mouth's line goes from corner to corner where the lips touch") {
  const auto line = mouth_of(test::sheet_face());
  REQUIRE(line);
  CHECK(line->half_width() == Approx(0.12).margin(0.01));
  CHECK(line->middle().x == Approx(0).margin(0.005));
  CHECK(line->depth == Approx(0.1).margin(0.01));
  for (const float3& point : line->points) {
    CHECK(point.y == Approx(0).margin(0.002));
    CHECK(point.z == Approx(1).margin(0.01));
  }
  CHECK(line->at(1).x == line->points.back().x);
}

TEST_CASE("Lips that stand apart a little are a mouth as well") {
  const auto line = mouth_of(test::sheet_face({.gap = 0.02F}));
  REQUIRE(line);
  CHECK(line->half_width() == Approx(0.12).margin(0.01));
}

TEST_CASE("A face that is closed between the lips has no mouth") {
  const auto sealed = mouth_of(test::sheet_face({.depth = 0.004F}));
  REQUIRE_FALSE(sealed);
  CHECK(sealed.error() == "no slit between lips is found");
}

TEST_CASE("A slit that is too narrow, too wide or lies aside is no mouth") {
  CHECK(mouth_of(test::sheet_face({.half_width = 0.02F})).error().contains("narrow"));
  CHECK(mouth_of(test::sheet_face({.half_width = 0.35F})).error().contains("wider"));
  CHECK(mouth_of(test::sheet_face({.middle = 0.06F})).error().contains("aside"));
}

TEST_CASE("Nothing, and what has no extent, is no mouth") {
  CHECK_FALSE(mouth_of({}));
  const test::Sheet point{.places = {{0, 0, 1}}, .triangles = {0, 0, 0}};
  CHECK_FALSE(mouth_of(point));
}

TEST_CASE("Triangles without number that all lie there take no time without end") {
  test::Sheet sheet{.places = {{-1, 0, 0}, {1, 0, 0}, {0, 0, 2}}, .triangles = {}};
  for (int i = 0; i < 500'000; ++i) sheet.triangles.insert(sheet.triangles.end(), {0, 1, 2});
  CHECK_FALSE(mouth_of(sheet));
}
