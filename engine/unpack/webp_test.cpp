#include "engine/unpack/webp.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/unpack/test_packed.h"

using namespace vivavox;

TEST_CASE("A WebP picture comes back as it was, alpha too") {
  for (const bool is_opaque : {true, false}) {
    const Image image = test::colorful(33, 7, is_opaque);
    const auto file = test::webp_file(image);
    CHECK(is_webp(file));
    CHECK(webp_size(file)->width_px == 33);
    CHECK(webp_size(file)->height_px == 7);
    CHECK(decode_webp(file) == image);
  }
}

TEST_CASE("What is no WebP picture, or a damaged or large one, is refused") {
  CHECK_FALSE(is_webp(encode_png(test::colorful(2, 2, true))));
  const auto file = test::webp_file(test::colorful(16, 16, false));
  for (std::size_t length = 0; length < file.size(); ++length) {
    const auto cut = decode_webp(std::span(file).first(length));
    REQUIRE(!cut);
    CHECK(cut.error().code == ErrorCode::invalid_image);
  }
  const auto large = test::webp_file(test::colorful(max_image_side_px + 1, 1, true));
  CHECK(decode_webp(large).error().message.contains("4097 × 1"));
}

TEST_CASE("A WebP picture that moves is refused") {
  // A file's head that announces an animation, of 1 × 1.
  const std::string head("RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\0\0\0\0\0\0", 30);
  CHECK(decode_webp(std::as_bytes(std::span(head))).error().message.contains("moves"));
}
