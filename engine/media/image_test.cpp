#include "engine/media/image.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

Image gradient(int width_px, int height_px) {
  Image image{.width_px = width_px, .height_px = height_px, .rgba = {}};
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      for (int value : {x * 7, y * 5, x + y, 255 - x}) {
        image.rgba.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return image;
}

}  // namespace

TEST_CASE("A PNG holds the very pixels it was made from") {
  const Image image = gradient(31, 17);
  const auto decoded = decode_image(encode_png(image));
  REQUIRE(decoded);
  CHECK(*decoded == image);
}

TEST_CASE("A picture that covers another size is cut evenly at the sides that stand over") {
  Image wide{.width_px = 8, .height_px = 2, .rgba = {}};
  for (int at = 0; at < 16; ++at)
    wide.rgba.insert(wide.rgba.end(), 4, static_cast<std::uint8_t>(at % 8 * 10));
  const Image middle = covering(wide, {.width_px = 2, .height_px = 2});
  CHECK(middle.width_px == 2);
  CHECK(middle.height_px == 2);
  CHECK(middle.rgba[0] == 30);
  CHECK(middle.rgba[4] == 40);
  const Image large = covering(wide, {.width_px = 40, .height_px = 30});
  CHECK(large.rgba.size() == std::size_t{4} * 40 * 30);
  const Image small = covering(gradient(1000, 1200), {.width_px = 3, .height_px = 5});
  CHECK(small.rgba.size() == std::size_t{4} * 15);
}

TEST_CASE("What is behind a picture shows through as far as it lets it") {
  Image picture{
      .width_px = 3, .height_px = 1, .rgba = {9, 9, 9, 0, 200, 100, 0, 255, 200, 100, 0, 51}};
  const Image behind{
      .width_px = 3, .height_px = 1, .rgba = {50, 60, 70, 255, 50, 60, 70, 255, 50, 60, 70, 255}};
  put_behind(picture, behind);
  CHECK(picture.rgba ==
        std::vector<std::uint8_t>{50, 60, 70, 255, 200, 100, 0, 255, 80, 68, 56, 255});
}

TEST_CASE("A halved picture has the means of four pixels, of one pixel at least") {
  Image image{.width_px = 3, .height_px = 2, .rgba = {}};
  for (const int value : {10, 20, 99, 30, 41, 99})
    image.rgba.insert(image.rgba.end(), 4, static_cast<std::uint8_t>(value));
  CHECK(halved(image) == Image{.width_px = 1, .height_px = 1, .rgba = {25, 25, 25, 25}});
  CHECK(halved(halved(image)) == halved(image));
  const auto size = image_size(encode_png(gradient(31, 17)));
  REQUIRE(size);
  CHECK(size->width_px == 31);
  CHECK(size->height_px == 17);
}

TEST_CASE("The same picture gives the same PNG bytes") {
  CHECK(encode_png(gradient(8, 8)) == encode_png(gradient(8, 8)));
}

TEST_CASE("What is no picture is refused with a reason") {
  const auto text = std::as_bytes(std::span("not a picture"));
  for (const auto& file : {std::span<const std::byte>{}, std::span<const std::byte>(text)}) {
    const auto decoded = decode_image(file);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::invalid_image);
  }
}

TEST_CASE("A picture in another size lies between its pixels, and keeps its edges") {
  const Image image{.width_px = 2, .height_px = 1, .rgba = {0, 0, 0, 255, 200, 100, 40, 255}};
  const Image twice = resized(image, {4, 2});
  REQUIRE(twice.rgba.size() == 32);
  for (const int row : {0, 1}) {
    const std::vector<int> reds{twice.rgba[16 * row], twice.rgba[16 * row + 4],
                                twice.rgba[16 * row + 8], twice.rgba[16 * row + 12]};
    CHECK(reds == std::vector{0, 50, 150, 200});
    CHECK(twice.rgba[16 * row + 7] == 255);
  }
  CHECK(resized(image, {2, 1}) == image);
  CHECK(resized(gradient(8, 6), {4, 3}) == halved(gradient(8, 6)));
}

TEST_CASE("A truncated PNG is refused at every length") {
  const std::vector<std::byte> file = encode_png(gradient(16, 16));
  for (std::size_t length = 0; length + 16 < file.size(); ++length) {
    CHECK_FALSE(decode_image(std::span(file).first(length)));
  }
}

TEST_CASE("A picture larger than the limit is refused before its pixels are read") {
  std::vector<std::byte> file = encode_png(gradient(4, 4));
  file[16] = std::byte{0x40};  // width += 2^30
  const auto decoded = decode_image(file);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().code == ErrorCode::invalid_image);
}
