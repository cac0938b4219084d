#include "engine/phonetics/phone_durations.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using Catch::Approx;
using namespace vivavox;

TEST_CASE("phones share a duration by their nature") {
  const std::vector<std::string> phones{"HH", "AH0", "L", "OW1"};
  const std::vector<double> ends_s = spread_phones(phones, 2.0);
  REQUIRE(ends_s.size() == 4);
  CHECK(ends_s.back() == 2.0);
  CHECK(std::ranges::is_sorted(ends_s));
  // The stressed diphthong is longest, the unstressed vowel shorter than it.
  CHECK(ends_s[3] - ends_s[2] > 2 * (ends_s[1] - ends_s[0]));
  CHECK((ends_s[2] - ends_s[1]) / (ends_s[3] - ends_s[2]) == Approx(80.0 / 220));
}

TEST_CASE("names of any kind have a duration") {
  CHECK(inherent_duration_s("s") == Approx(0.105));
  CHECK(inherent_duration_s("aa") == inherent_duration_s("AA1"));
  CHECK(inherent_duration_s("ʃ") == inherent_duration_s("SH"));
  CHECK(inherent_duration_s("%") == Approx(0.12));
  CHECK(inherent_duration_s("") == Approx(0.12));
  CHECK(spread_phones({}, 3).empty());
}
