#include "server/http/connection_stream.h"

#include <sys/socket.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <numeric>
#include <string>
#include <thread>

using namespace vivavox;
using namespace std::chrono_literals;

namespace {

struct Pair {
  Descriptor client;
  std::optional<Connection> connection;

  Pair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    client = Descriptor(ends[0]);
    connection.emplace(Descriptor(ends[1]), nullptr);
  }
  void say(std::string_view bytes) const {
    REQUIRE(::send(client.get(), bytes.data(), bytes.size(), 0) ==
            static_cast<ssize_t>(bytes.size()));
  }
};

std::string read_some(ConnectionStream& stream, std::size_t most) {
  std::string bytes(most, '\0');
  const ssize_t count = stream.read(bytes.data(), most);
  REQUIRE(count >= 0);
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

}  // namespace

TEST_CASE("a stream keeps what it read too far") {
  Pair pair;
  ConnectionStream stream(*pair.connection, 1h);
  CHECK(stream.await_request(0s) == Readiness::later);
  pair.say("abc");
  CHECK(stream.await_request(0s) == Readiness::request);
  CHECK(read_some(stream, 2) == "ab");
  CHECK(stream.is_readable());
  CHECK(stream.await_request(0s) == Readiness::request);
  CHECK(read_some(stream, 2) == "c");
  CHECK_FALSE(stream.is_readable());
  CHECK(stream.await_request(0s) == Readiness::later);
}

TEST_CASE("a stream tells its client's end from a silence") {
  Pair pair;
  ConnectionStream stream(*pair.connection, 1ms);
  char byte = 0;
  CHECK(stream.read(&byte, 1) == -1);
  pair.client.close();
  CHECK(stream.read(&byte, 1) == 0);
  CHECK(stream.await_request(1h) == Readiness::ended);
}

TEST_CASE("a stream reads nothing that is not there at its deadline") {
  Pair pair;
  ConnectionStream stream(*pair.connection, 1h);
  stream.read_until(ConnectionStream::Clock::now());
  char byte = 0;
  CHECK(stream.read(&byte, 1) == -1);
  pair.say("x");
  CHECK(stream.read(&byte, 1) == 1);
}

TEST_CASE("a stream writes all of much, however slowly it is taken") {
  Pair pair;
  ConnectionStream stream(*pair.connection, 1h);
  std::string much(3'000'000, '\0');
  std::iota(much.begin(), much.end(), '\0');
  std::string taken;
  std::thread reader([&] {
    std::array<char, 10'000> part{};
    for (ssize_t count = 0; (count = ::read(pair.client.get(), part.data(), part.size())) > 0;) {
      taken.append(part.data(), static_cast<std::size_t>(count));
    }
  });
  CHECK(stream.write(much.data(), much.size()) == static_cast<ssize_t>(much.size()));
  pair.connection.reset();
  reader.join();
  CHECK(taken == much);
}

TEST_CASE("a stream gives a client up that takes nothing") {
  Pair pair;
  ConnectionStream stream(*pair.connection, 1ms);
  const std::string much(3'000'000, 'x');
  CHECK(stream.write(much.data(), much.size()) == -1);
}
