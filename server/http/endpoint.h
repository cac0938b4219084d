// Either end of a connection.
#pragma once

#include <optional>
#include <string>

namespace vivavox {

struct Endpoint {
  std::string address;  ///< as numbers, spelt as cpp-httplib does
  int port = 0;
  bool operator==(const Endpoint&) const = default;
};

/// Of a socket. nullopt: it is none, or has no such end.
std::optional<Endpoint> local_end(int socket);
std::optional<Endpoint> remote_end(int socket);

}  // namespace vivavox
