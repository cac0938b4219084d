#include "engine/unpack/avif.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/unpack/test_packed.h"

using namespace vivavox;

TEST_CASE("An AVIF picture comes back as it was, alpha too") {
  for (const bool is_opaque : {true, false}) {
    const Image image = test::colorful(33, 7, is_opaque);
    const auto file = test::avif_file(image);
    CHECK(is_avif(file));
    CHECK(avif_size(file) == ImageSize{33, 7});
    CHECK(decode_avif(file) == image);
  }
}

TEST_CASE("What is no AVIF picture, or a damaged or large one, is refused") {
  CHECK_FALSE(is_avif(encode_png(test::colorful(2, 2, true))));
  CHECK_FALSE(is_avif({}));
  const auto file = test::avif_file(test::colorful(16, 16, false));
  for (std::size_t length = 0; length < file.size(); ++length) {
    const auto cut = decode_avif(std::span(file).first(length));
    REQUIRE(!cut);
    CHECK(cut.error().code == ErrorCode::invalid_image);
  }
  const auto large = test::avif_file(test::colorful(max_image_side_px + 1, 1, true));
  CHECK(decode_avif(large).error().message.contains("4097 × 1"));
}

TEST_CASE("An AVIF picture whose bytes are changed is decoded or refused") {
  const auto file = test::avif_file(test::colorful(16, 16, false));
  for (std::size_t place = 0; place < file.size(); ++place) {
    auto other = file;
    other[place] ^= std::byte{0x55};
    const auto image = decode_avif(other);
    const auto size = avif_size(other);
    CHECK((image ? size.has_value() : !image.error().message.empty()));
  }
}

TEST_CASE("An AVIF picture that is to be turned is refused") {
  const auto turned = decode_avif(test::avif_file(test::colorful(8, 4, true), 1));
  REQUIRE_FALSE(turned);
  CHECK(turned.error().message.contains("turned"));
}
