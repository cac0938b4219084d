#include "server/http/connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "server/subprocess.h"

using namespace vivavox;

namespace {

sockaddr_in place(const char* address, int port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(::inet_pton(AF_INET, address, &at.sin_addr) == 1);
  return at;
}

Descriptor bound_socket(const char* address, int port) {
  Descriptor one(::socket(AF_INET, SOCK_STREAM, 0));
  const int yes = 1;
  ::setsockopt(one.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in at = place(address, port);
  REQUIRE(::bind(one.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  return one;
}

int port_of(const Descriptor& socket) {
  sockaddr_in at{};
  socklen_t size = sizeof at;
  REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&at), &size) == 0);
  return ntohs(at.sin_port);
}

/// Both ends of a connection of an address of this machine with itself. A port of 0 is any.
struct Link {
  const char* address;
  Descriptor listening, client, served;

  Link(const char* at, int server_port, int client_port)
      : address(at),
        listening(bound_socket(at, server_port)),
        client(bound_socket(at, client_port)) {
    REQUIRE(::listen(listening.get(), 1) == 0);
    const sockaddr_in to = place(at, port_of(listening));
    REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    served = Descriptor(::accept(listening.get(), nullptr, nullptr));
    REQUIRE(served.get() >= 0);
  }

  httplib::Request request() const {
    httplib::Request one;
    one.local_addr = one.remote_addr = address;
    one.local_port = port_of(listening);
    one.remote_port = port_of(client);
    return one;
  }

  bool is_open() const {
    char byte = 0;
    return ::recv(client.get(), &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
  }
};

}  // namespace

TEST_CASE("the connection of a request is cut, and none of the same ports elsewhere") {
  const Link one("127.0.0.1", 0, 0);
  const Link other("127.0.0.2", port_of(one.listening), port_of(one.client));
  cut_connection(one.request());
  CHECK_FALSE(one.is_open());
  CHECK(other.is_open());
  cut_connection(other.request());
  CHECK_FALSE(other.is_open());
}

TEST_CASE("of a port all connections are cut, and of others none") {
  const Link one("127.0.0.1", 0, 0), other("127.0.0.1", 0, 0);
  cut_connections_to(port_of(one.listening));
  CHECK_FALSE(one.is_open());
  CHECK(other.is_open());
}
