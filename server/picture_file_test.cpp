#include "server/picture_file.h"

#include <catch2/catch_test_macros.hpp>
#include <cstring>

using namespace vivavox;

TEST_CASE("pictures become files of the format asked for") {
  Image image{.width_px = 8, .height_px = 4, .rgba = {}};
  for (int i = 0; i < 32; ++i) image.rgba.insert(image.rgba.end(), {200, 100, 50, 255});
  for (const auto& [name, begin] : {std::pair("png", "\x89PNG"), std::pair("jpeg", "\xff\xd8\xff"),
                                    std::pair("WEBP", "RIFF")}) {
    const auto format = picture_format_named(name);
    REQUIRE(format);
    const auto file = encode_picture(image, *format);
    REQUIRE(file);
    CHECK(std::memcmp(file->data(), begin, std::strlen(begin)) == 0);
  }
  const auto jpeg = decode_image(*encode_picture(image, PictureFormat::jpeg));
  REQUIRE(jpeg);
  CHECK(std::abs(jpeg->rgba[0] - 200) < 6);
  CHECK(!picture_format_named("gif"));
}

TEST_CASE("in a JPEG what is see-through is white") {
  const Image clear{.width_px = 8, .height_px = 8, .rgba = std::vector<std::uint8_t>(256)};
  const auto decoded = decode_image(encode_jpeg(clear, 90));
  REQUIRE(decoded);
  CHECK(decoded->rgba[0] > 250);
}
