#include "server/http/rate_limiter.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using namespace std::chrono_literals;

TEST_CASE("a burst passes, an excess waits, and time refills") {
  RateLimiter limiter(60);
  const RateLimiter::Clock::time_point start{1000s};
  for (int i = 0; i < 60; ++i) REQUIRE(limiter.take("a", start) == 0);
  CHECK(limiter.take("a", start) == 1);
  CHECK(limiter.take("b", start) == 0);
  CHECK(limiter.take("a", start + 1s) == 0);
  CHECK(limiter.take("a", start + 1s) == 1);
  // An hour's rest gives a minute's worth, not more.
  for (int i = 0; i < 60; ++i) REQUIRE(limiter.take("a", start + 1h) == 0);
  CHECK(limiter.take("a", start + 1h) > 0);
}

TEST_CASE("no limit is no limit") {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i) CHECK(limiter.take("a", {}) == 0);
}
