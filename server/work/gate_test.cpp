#include "server/work/gate.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>

using namespace vivavox;
using namespace std::chrono_literals;

TEST_CASE("so many are inside, so many wait, and more are told to come again") {
  Gate gate(1, 1);
  const Deadline patient("TEST", 60s, {});
  auto first = std::make_optional(gate.enter(patient));
  REQUIRE(*first);
  std::optional<Result<Gate::Pass>> second;
  std::thread waiter([&] { second.emplace(gate.enter(patient)); });
  while (gate.waiting() == 0) std::this_thread::yield();
  const auto third = gate.enter(patient);
  REQUIRE(!third);
  CHECK(third.error().code == ErrorCode::unavailable);
  first.reset();
  waiter.join();
  REQUIRE(second);
  CHECK(second->has_value());
}

TEST_CASE("who waits too long, or for nobody, goes") {
  Gate gate(1, 5);
  const auto inside = gate.enter(Deadline("TEST", 60s, {}));
  CHECK(gate.enter(Deadline("TEST", 0s, {})).error().code == ErrorCode::cancelled);
  CHECK(gate.enter(Deadline("TEST", 60s, [] { return "the client went away"; })).error().code ==
        ErrorCode::cancelled);
}

TEST_CASE("a deadline counts the time since the last step") {
  const Deadline none("TEST", 0s, {});
  CHECK(!none.check());
  const Deadline deadline("TEST", 3600s, {});
  const Deadline copy = deadline;
  copy.advance();
  CHECK(deadline.check());
}
