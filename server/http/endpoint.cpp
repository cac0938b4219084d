#include "server/http/endpoint.h"

#include <netdb.h>
#include <sys/socket.h>

#include <charconv>
#include <string_view>

namespace vivavox {

namespace {

using NameOf = int (*)(int, sockaddr*, socklen_t*);

std::optional<Endpoint> end_of(int socket, NameOf name_of) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (name_of(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return std::nullopt;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return std::nullopt;
  }
  Endpoint end{host, 0};
  std::from_chars(port, port + std::string_view(port).size(), end.port);
  return end;
}

}  // namespace

std::optional<Endpoint> local_end(int socket) {
  return end_of(socket, ::getsockname);
}
std::optional<Endpoint> remote_end(int socket) {
  return end_of(socket, ::getpeername);
}

}  // namespace vivavox
