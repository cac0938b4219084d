#include "engine/unpack/packed_avatar.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/unpack/test_packed.h"

using namespace vivavox;
using test::face_glb;

TEST_CASE("AVIF textures are read, also where the file's JSON names no extension") {
  const Image image = test::colorful(8, 4, false);
  const auto file = face_glb({.images = {test::avif_file(image)}});
  const auto packed = test::textured_by("EXT_texture_avif", file);
  CHECK_FALSE(read_avatar(packed));
  CHECK(read_packed_avatar(packed)->textures == std::vector{image});
  CHECK(read_packed_avatar(packed, 8)->textures == std::vector{halved(image)});
  CHECK(read_packed_avatar(
            face_glb({.extra = R"(,"extras":"image/avif")", .images = {test::avif_file(image)}}))
            ->textures == std::vector{image});
}

TEST_CASE("A damaged AVIF texture is a clear error") {
  auto image = test::avif_file(test::colorful(8, 4, false));
  std::ranges::fill(std::span(image).subspan(image.size() / 2), std::byte{0x5A});
  const auto packed = test::textured_by("EXT_texture_avif", face_glb({.images = {image}}));
  const auto avatar = read_packed_avatar(packed);
  REQUIRE_FALSE(avatar);
  CHECK(avatar.error().code == ErrorCode::invalid_image);
  CHECK(avatar.error().message.contains("AVIF"));
}
