#include "server/service/phoneme_list.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
namespace json = boost::json;

TEST_CASE("names are spread, and times are kept") {
  const auto spread = timeline_of_phonemes({"HH", "AA1"}, 2, 1000);
  REQUIRE(spread);
  REQUIRE(spread->phones.size() == 2);
  CHECK(spread->phones[1].ipa == "ɑ");
  CHECK(spread->phones[1].end_samples == 2000);
  const auto timed =
      timeline_of_phonemes({json::object{{"phoneme", "M"}, {"start", 0.5}, {"end", 0.7}},
                            json::object{{"p", "ɑ"}, {"start", 0.7}, {"end", 1}}},
                           0, 1000);
  REQUIRE(timed);
  REQUIRE(timed->phones.size() == 3);
  CHECK(timed->phones[0].ipa.empty());
  CHECK(timed->phones[1].start_samples == 500);
  CHECK(timed->length_samples == 1000);
}

TEST_CASE("phonemes that cannot be are refused") {
  CHECK(!timeline_of_phonemes({5}, 1, 1000));
  CHECK(!timeline_of_phonemes({json::object{{"x", 1}}}, 1, 1000));
  CHECK(
      !timeline_of_phonemes({json::object{{"phoneme", "A"}, {"start", 1}, {"end", 0.5}}}, 1, 1000));
  CHECK(
      !timeline_of_phonemes({json::object{{"phoneme", "A"}, {"start", 0}, {"end", 1e9}}}, 1, 1000));
  CHECK(!timeline_of_phonemes({json::object{{"phoneme", "A"}, {"start", 0}, {"end", 1}},
                               json::object{{"phoneme", "A"}, {"start", 0.5}, {"end", 2}}},
                              1, 1000));
}
