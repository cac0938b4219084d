#include "engine/align/window_cut.h"

#include <catch2/catch_test_macros.hpp>
#include <vector>

using namespace vivavox;

namespace {

/// Three words of a phone each. Its states: a pause, four parts, and so on.
Timeline three_words() {
  Timeline timeline{.sample_rate_hz = 16000, .length_samples = 4800};
  for (std::int32_t word = 0; word < 3; ++word) {
    timeline.words.push_back({});
    timeline.phones.push_back({.ipa = "a",
                               .start_samples = word * 1600,
                               .end_samples = word * 1600 + 1600,
                               .word = word});
  }
  return timeline;
}

}  // namespace

TEST_CASE("a recording is cut in the middle of its longest pause") {
  const Timeline reading = three_words();
  const std::vector<std::int32_t> path{1, 2,  3,  4,  5,  5,  6,  7,  8,
                                       9, 10, 10, 10, 10, 11, 12, 13, 14};
  const auto cut = cut_of(chain_of(reading), reading, path, 0);
  REQUIRE(cut);
  CHECK(cut->frame == 12);
  CHECK(cut->phone == 2);
  const auto later = cut_of(chain_of(reading), reading, path, 13);
  REQUIRE(later);
  CHECK(later->frame == 13);
}

TEST_CASE("a recording without a pause is cut between words") {
  const Timeline reading = three_words();
  const std::vector<std::int32_t> path{1, 2, 3, 4, 6, 7, 8, 9, 9, 9};
  const auto cut = cut_of(chain_of(reading), reading, path, 0);
  REQUIRE(cut);
  CHECK(cut->frame == 4);
  CHECK(cut->phone == 1);
  CHECK(!cut_of(chain_of(reading), reading, path, 5));
}

TEST_CASE("a recording is not cut before words that are said again") {
  const Timeline reading = three_words();
  const std::vector<std::int32_t> path{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 6, 7, 8, 9, 11, 12};
  const auto cut = cut_of(chain_of(reading), reading, path, 0);
  REQUIRE(cut);
  CHECK(cut->frame == 4);
  const auto later = cut_of(chain_of(reading), reading, path, 5);
  REQUIRE(later);
  CHECK(later->frame == 16);
  CHECK(later->phone == 2);
}
