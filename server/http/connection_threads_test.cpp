#include "server/http/connection_threads.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <latch>

using namespace vivavox;

TEST_CASE("no work waits for other work") {
  constexpr int count = 64;
  std::latch all_run(count);
  ConnectionThreads threads(count);
  // Each ends only when all have begun: with one too few this never returns.
  for (int i = 0; i < count; ++i) REQUIRE(threads.enqueue([&] { all_run.arrive_and_wait(); }));
  threads.shutdown();
  CHECK(all_run.try_wait());
}

TEST_CASE("beyond the limit work is refused, and what was begun ends") {
  std::latch begun(2), goes_on(1);
  std::atomic<int> ended = 0;
  ConnectionThreads threads(2);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(threads.enqueue([&] {
      begun.count_down();
      goes_on.wait();
      ++ended;
    }));
  }
  begun.wait();
  CHECK(!threads.enqueue([] {}));
  goes_on.count_down();
  threads.shutdown();
  CHECK(ended == 2);
  CHECK(!threads.enqueue([] {}));
}
