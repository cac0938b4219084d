#include "server/label.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

Image grey(int width_px, int height_px) {
  Image image{.width_px = width_px, .height_px = height_px, .rgba = {}};
  image.rgba.assign(std::size_t{4} * width_px * height_px, 128);
  return image;
}

std::size_t count(const Image& image, std::uint8_t level) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) found += image.rgba[i] == level;
  return found;
}

}  // namespace

TEST_CASE("A label is dark on light, and longer words take more of both") {
  Image nothing = grey(200, 40), brief = grey(200, 40), longer = grey(200, 40);
  draw_label(nothing, 4, 4, "");
  draw_label(brief, 4, 4, "I");
  draw_label(longer, 4, 4, "gaze left");
  CHECK(count(nothing, 20) == 0);
  CHECK(count(brief, 20) > 5);
  CHECK(count(longer, 20) > 5 * count(brief, 20));
  CHECK(count(longer, 128) < count(brief, 128));
  CHECK(count(longer, 128) > 200 * 40 / 4);
  Image other = grey(200, 40);
  draw_label(other, 4, 4, "gaze down");
  CHECK(other.rgba != longer.rgba);
}

TEST_CASE("What lies beyond the picture is cut off, and letters that no font has are marks") {
  Image image = grey(20, 10);
  draw_label(image, -5, 3, "a word that is far too long for it");
  CHECK(image.rgba.size() == 800);
  Image foreign = grey(200, 40), marks = grey(200, 40);
  draw_label(foreign, 0, 0, "\xc3\xa4\x01");
  draw_label(marks, 0, 0, "???");
  CHECK(foreign.rgba == marks.rgba);
}
