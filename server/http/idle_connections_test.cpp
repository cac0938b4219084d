#include "server/http/idle_connections.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <thread>

using namespace vivavox;
using Clock = std::chrono::steady_clock;

namespace {

/// A connection and its client's end.
struct IdlePair {
  Descriptor client;
  ConnectionPtr connection;

  explicit IdlePair(Clock::duration patience = std::chrono::hours(1)) {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    client = Descriptor(ends[0]);
    connection = std::make_shared<Connection>(Descriptor(ends[1]), nullptr);
    connection->deadline = Clock::now() + patience;
  }

  bool is_open() const {
    char byte = 0;
    return ::recv(client.get(), &byte, 1, MSG_DONTWAIT) < 0;
  }
  void say(char byte) const { REQUIRE(::send(client.get(), &byte, 1, 0) == 1); }
};

/// A listener that nobody knocks at.
struct Silence {
  IdlePair pair;
  IdleConnections idle{pair.connection->socket()};
};

}  // namespace

TEST_CASE("of idle connections those are given back that are heard of") {
  Silence silence;
  const IdlePair one, other;
  silence.idle.put(one.connection);
  silence.idle.put(other.connection);
  other.say('x');
  const auto heard = silence.idle.wait();
  CHECK_FALSE(heard.knocks);
  REQUIRE(heard.connections.size() == 1);
  CHECK(heard.connections.front() == other.connection);
  CHECK(silence.idle.size() == 1);
}

TEST_CASE("an idle connection is closed at its deadline, and no other") {
  Silence silence;
  IdlePair lasting, late(std::chrono::milliseconds(1));
  silence.idle.put(std::move(lasting.connection));
  silence.idle.put(std::move(late.connection));
  while (silence.idle.size() > 1) CHECK(silence.idle.wait().connections.empty());
  CHECK_FALSE(late.is_open());
  CHECK(lasting.is_open());
}

TEST_CASE("who waits for idle connections hears of a deadline that is put there meanwhile") {
  Silence silence;
  IdlePair late(std::chrono::milliseconds(50));
  std::thread waiting([&] {
    do {
      CHECK(silence.idle.wait().connections.empty());
    } while (silence.idle.size() > 0);
  });
  silence.idle.put(std::move(late.connection));
  waiting.join();
  CHECK_FALSE(late.is_open());
}

TEST_CASE("the idle connection that is dropped is the one with the nearest deadline") {
  Silence silence;
  IdlePair longer(std::chrono::hours(2)), shorter(std::chrono::hours(1));
  silence.idle.put(std::move(longer.connection));
  silence.idle.put(std::move(shorter.connection));
  REQUIRE(silence.idle.drop_one());
  CHECK_FALSE(shorter.is_open());
  CHECK(longer.is_open());
  CHECK(silence.idle.drop_one());
  CHECK_FALSE(silence.idle.drop_one());
}

TEST_CASE("at the end idle connections are closed that say nothing, also later ones") {
  Silence silence;
  IdlePair silent, late;
  const IdlePair speaking;
  silence.idle.put(std::move(silent.connection));
  silence.idle.put(speaking.connection);
  speaking.say('x');
  const auto heard = silence.idle.end();
  REQUIRE(heard.size() == 1);
  CHECK(heard.front() == speaking.connection);
  CHECK_FALSE(silent.is_open());
  silence.idle.put(std::move(late.connection));
  CHECK_FALSE(late.is_open());
}

TEST_CASE("a knock is heard, and so is being woken") {
  Silence silence;
  silence.idle.wake();
  CHECK_FALSE(silence.idle.wait().knocks);
  silence.pair.say('x');
  CHECK(silence.idle.wait().knocks);
}
