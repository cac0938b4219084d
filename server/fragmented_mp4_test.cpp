#include "server/fragmented_mp4.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

std::string box(std::string_view type, std::size_t content_bytes) {
  std::string made{0, 0, 0, static_cast<char>(8 + content_bytes)};
  return made + std::string(type) + std::string(content_bytes, 'x');
}

}  // namespace

TEST_CASE("messages come before fragments, however the bytes come") {
  const std::string head = box("ftyp", 4) + box("moov", 30);
  const std::string one = box("moof", 5) + box("mdat", 0), two = box("moof", 9) + box("mdat", 50);
  const std::string film = head + one + two;
  for (std::size_t piece = 1; piece <= film.size(); ++piece) {
    FragmentInserter inserter;
    int count = 0;
    const auto boxes = [&] { return std::to_string(++count); };
    std::string out;
    for (std::size_t at = 0; at < film.size(); at += piece) {
      out += inserter.pass(std::string_view(film).substr(at, piece), boxes);
    }
    REQUIRE(out == head + "1" + one + "2" + two);
  }
}

TEST_CASE("a box of 64 bits of size passes") {
  std::string large{0, 0, 0, 1, 'm', 'd', 'a', 't', 0, 0, 0, 0, 0, 0, 0, 20, 'a', 'b', 'c', 'd'};
  FragmentInserter inserter;
  const auto boxes = [] { return std::string("!"); };
  CHECK(inserter.pass(large + box("moof", 0), boxes) == large + "!" + box("moof", 0));
}

TEST_CASE("a message is a box of its own") {
  const std::string made = event_message_box(
      {.scheme = "urn:a", .id = 7, .timescale_hz = 48000, .at = 258, .length = 3, .data = "{}"});
  CHECK(static_cast<unsigned char>(made[3]) == made.size());
  CHECK(made.substr(4, 5) == std::string("emsg\x01", 5));
  CHECK(made.substr(16, 8) == std::string("\0\0\0\0\0\0\1\2", 8));
  CHECK(made.substr(32) == std::string("urn:a\0\0{}", 9));
}
