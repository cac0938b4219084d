#include "server/http/connections.h"

#include <dirent.h>
#include <sys/socket.h>

#include <charconv>
#include <functional>
#include <memory>
#include <string_view>

#include "server/http/endpoint.h"

namespace vivavox {

namespace {

void cut_where(const std::function<bool(const Endpoint& local, const Endpoint& remote)>& fits) {
  const std::unique_ptr<DIR, int (*)(DIR*)> descriptors(::opendir("/proc/self/fd"), ::closedir);
  if (!descriptors) return;
  while (const dirent* entry = ::readdir(descriptors.get())) {
    int descriptor = -1;
    const std::string_view name = entry->d_name;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (descriptor < 0) continue;
    const auto local = local_end(descriptor);
    const auto remote = remote_end(descriptor);
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
