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

TEST_CASE("who wants several places waits until there are so many, and gets all at most") {
  Gate gate(3, 1);
  const Deadline patient("LIMIT", std::chrono::seconds(60), {});
  auto one = std::make_optional(gate.enter(patient, 2));
  REQUIRE(*one);
  const auto next = gate.enter(patient);
  CHECK(next);
  const Deadline over("LIMIT", std::chrono::seconds(0), {});
  CHECK(gate.enter(over, 2).error().code == ErrorCode::cancelled);
  one.reset();
  CHECK(gate.enter(patient, 2));
  Gate strict(3, 0);
  const auto whole = strict.enter(patient, 1000);
  REQUIRE(whole);
  CHECK(strict.enter(patient).error().code == ErrorCode::unavailable);
}
