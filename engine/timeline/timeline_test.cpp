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

TEST_CASE("what is known later takes the place of what was heard, from its time on") {
  Timeline heard{.text = "Oh", .sample_rate_hz = 1000, .length_samples = 500};
  heard.words = {{0, 2, 0, 100}};
  heard.phones = {{"oʊ", Stress::none, 0, 100, 0}, {"", Stress::none, 100, 500, -1}};
  for (const std::int64_t at : {0, 150, 250, 350, 450}) heard.mouth.push_back({at, {}});
  Timeline known{.text = "mama", .sample_rate_hz = 1000, .length_samples = 300};
  known.words = {{0, 4, 0, 300}};
  known.phones = {{"m", Stress::none, 0, 150, 0}, {"ɑ", Stress::primary, 150, 300, 0}};

  revise(heard, known, 100, 200);

  CHECK(heard.length_samples == 500);
  CHECK(heard.text == "Ohmama");
  CHECK(heard.words.back() == Word{2, 6, 100, 400});
  const std::vector<Phone> phones{{"oʊ", Stress::none, 0, 100, 0},
                                  {"", Stress::none, 100, 200, -1},
                                  {"m", Stress::none, 200, 250, 1},
                                  {"ɑ", Stress::primary, 250, 400, 1},
                                  {"", Stress::none, 400, 500, -1}};
  CHECK(heard.phones == phones);
  std::vector<std::int64_t> moments;
  for (const MouthMoment& moment : heard.mouth) moments.push_back(moment.at_samples);
  CHECK(moments == std::vector<std::int64_t>{0, 150, 450});
}

TEST_CASE("what would be known of what is over, or has not come, changes nothing") {
  Timeline heard{.text = "", .sample_rate_hz = 1000, .length_samples = 500};
  heard.phones = {{"", Stress::none, 0, 500, -1}};
  Timeline known{.text = "a", .sample_rate_hz = 1000, .length_samples = 300};
  known.phones = {{"a", Stress::none, 0, 300, -1}};
  const Timeline before = heard;
  revise(heard, known, 100, 400);
  CHECK(heard == before);
  revise(heard, known, 500, 0);
  CHECK(heard == before);
}
