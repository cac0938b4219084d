#include "server/picture_size.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("sizes are read as written") {
  CHECK(picture_size_from("512x512") == PictureSize{512, 512});
  CHECK(picture_size_from("16x4096") == PictureSize{16, 4096});
  for (const char* wrong : {"", "512", "512x", "x512", "512X512", "512x512x", "-16x16", "15x16",
                            "4097x16", "99999999999x1", "12 x 12"}) {
    CHECK(picture_size_from(wrong).error().code == ErrorCode::invalid_argument);
  }
}
