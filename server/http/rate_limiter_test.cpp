#include "server/http/rate_limiter.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using namespace std::chrono_literals;

TEST_CASE("a burst passes, an excess waits, and time refills") {
  RateLimiter limiter(60);
  const RateLimiter::Clock::time_point start{1000s};
  const auto wait_s = [&](const char* client, RateLimiter::Clock::time_point now) {
    return limiter.take(client, now).wait_s;
  };
  for (int i = 0; i < 60; ++i) REQUIRE(wait_s("a", start) == 0);
  CHECK(wait_s("a", start) == 1);
  CHECK(wait_s("b", start) == 0);
  CHECK(wait_s("a", start + 1s) == 0);
  CHECK(wait_s("a", start + 1s) == 1);
  // An hour's rest gives a minute's worth, not more.
  for (int i = 0; i < 60; ++i) REQUIRE(wait_s("a", start + 1h) == 0);
  CHECK(wait_s("a", start + 1h) > 0);
}

TEST_CASE("tells how many are left, and when all are there again") {
  RateLimiter limiter(30);
  const RateLimiter::Clock::time_point start{1000s};
  for (int left = 29; left >= 0; --left) {
    const Allowance allowance = limiter.take("a", start);
    CHECK(allowance.remaining == left);
    CHECK(allowance.full_s == 2 * (30 - left));
  }
  const Allowance none = limiter.take("a", start);
  CHECK(none.wait_s == 2);
  CHECK(none.remaining == 0);
  CHECK(none.full_s == 60);
}

TEST_CASE("no limit is no limit") {
  RateLimiter limiter(0);
  for (int i = 0; i < 1000; ++i) CHECK(limiter.take("a", {}).wait_s == 0);
}
