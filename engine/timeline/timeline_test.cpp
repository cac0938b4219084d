#include "engine/timeline/timeline.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("a clause is appended after what was said before") {
  Timeline timeline{.text = "Hi, you", .sample_rate_hz = 1000, .length_samples = 300};
  timeline.words = {{0, 2, 0, 300}};
  timeline.phones = {{"h", Stress::none, 0, 100, 0}, {"aɪ", Stress::primary, 100, 300, 0}};
  Timeline clause{.text = "Hi, you", .sample_rate_hz = 1000, .length_samples = 200};
  clause.timing = Timing::estimated;
  clause.words = {{4, 7, 50, 200}};
  clause.phones = {{"", Stress::none, 0, 50, -1}, {"juː", Stress::primary, 50, 200, 0}};

  append(timeline, clause);

  CHECK(timeline.length_samples == 500);
  CHECK(timeline.timing == Timing::estimated);
  CHECK(timeline.words[1] == Word{4, 7, 350, 500});
  CHECK(timeline.phones[2] == Phone{"", Stress::none, 300, 350, -1});
  CHECK(timeline.phones[3] == Phone{"juː", Stress::primary, 350, 500, 1});
  CHECK(timeline.duration_s() == 0.5);
}

TEST_CASE("a clause with a text of its own brings it along") {
  Timeline timeline{.text = "Hi.", .sample_rate_hz = 1000, .length_samples = 300};
  timeline.words = {{0, 2, 0, 300}};
  Timeline clause{.text = "You?", .sample_rate_hz = 1000, .length_samples = 200};
  clause.words = {{0, 3, 0, 200}};

  append(timeline, clause);

  CHECK(timeline.text == "Hi.You?");
  CHECK(timeline.words[1] == Word{3, 6, 300, 500});
}
