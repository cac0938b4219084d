#include "server/http/connections.h"

#include <dirent.h>
#include <netdb.h>
#include <sys/socket.h>

#include <charconv>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vivavox {

namespace {

struct Endpoint {
  std::string address;
  int port = 0;
  bool operator==(const Endpoint&) const = default;
};

using NameOf = int (*)(int, sockaddr*, socklen_t*);

/// One end of a connection, spelt as cpp-httplib does. nullopt: it is none.
std::optional<Endpoint> endpoint(int descriptor, NameOf name_of) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (name_of(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return std::nullopt;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return std::nullopt;
  }
  Endpoint end{host, 0};
  std::from_chars(port, port + std::string_view(port).size(), end.port);
  return end;
}

void cut_where(const std::function<bool(const Endpoint& local, const Endpoint& remote)>& fits) {
  const std::unique_ptr<DIR, int (*)(DIR*)> descriptors(::opendir("/proc/self/fd"), ::closedir);
  if (!descriptors) return;
  while (const dirent* entry = ::readdir(descriptors.get())) {
    int descriptor = -1;
    const std::string_view name = entry->d_name;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (descriptor < 0) continue;
    const auto local = endpoint(descriptor, ::getsockname);
    const auto remote = endpoint(descriptor, ::getpeername);
    if (local && remote && fits(*local, *remote)) ::shutdown(descriptor, SHUT_RDWR);
  }
}

}  // namespace

void cut_connection(const httplib::Request& request) {
  const Endpoint local{request.local_addr, request.local_port};
  const Endpoint remote{request.remote_addr, request.remote_port};
  cut_where(
      [&](const Endpoint& one, const Endpoint& other) { return one == local && other == remote; });
}

void cut_connections_to(int port) {
  cut_where([&](const Endpoint& local, const Endpoint&) { return local.port == port; });
}

}  // namespace vivavox
