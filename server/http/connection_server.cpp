#include "server/http/connection_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <format>
#include <thread>

namespace vivavox {

namespace {

/// A thread stays with a connection for so long after an answer: most clients that go on do
/// so at once, and need not be handed over.
constexpr std::chrono::milliseconds lingering{100};
/// For what is no client's connection: files, databases, other programs' pipes.
constexpr rlim_t other_descriptors = 256;
constexpr std::chrono::milliseconds pause_without_descriptors{50};
/// As few at a time as leave nobody else waiting for long.
constexpr int most_accepted_at_once = 64;

constexpr std::string_view busy_answer =
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Content-Type: application/json\r\nContent-Length: 64\r\nRetry-After: 1\r\n"
    "Connection: close\r\n\r\n"
    R"({"detail":"too many connections are busy: see MAX_CONNECTIONS"}
)";
static_assert(busy_answer.size() - busy_answer.find("\r\n\r\n") - 4 == 64);

/// How many descriptors this process may have, of those that it could do with.
std::size_t descriptors_for(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < wanted) {
    const rlim_t before = std::exchange(limit.rlim_cur, std::min<rlim_t>(wanted, limit.rlim_max));
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  }
  return static_cast<std::size_t>(limit.rlim_cur);
}

bool lacks_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// Tells a client that nobody is there for it, if it can be told at once.
void refuse(Connection& connection) {
  std::array<char, 16384> request;
  // What is not read before the end breaks the connection off, and the answer is lost.
  std::ignore = connection.read_some(request);
  std::ignore = connection.write_some(busy_answer);
}

}  // namespace

ConnectionServer::ConnectionServer(ConnectionLimits limits, TlsContext tls)
    : limits_(limits), tls_(std::move(tls)), threads_(limits.served) {
  set_keep_alive_max_count(1'000'000'000);
  set_keep_alive_timeout(limits.patience.count());
}

Result<int> ConnectionServer::listen_on(const std::string& host, int port) {
  // Not SO_REUSEPORT, cpp-httplib's usual: two servers would share a port unnoticed.
  set_socket_options(
      [](socket_t socket) { httplib::set_socket_opt(socket, SOL_SOCKET, SO_REUSEADDR, 1); });
  const int bound = port == 0 ? bind_to_any_port(host) : bind_to_port(host, port) ? port : -1;
  if (bound < 0) {
    return fail(ErrorCode::io_failed,
                std::format("cannot listen on {}:{}: choose another --port, or end what uses it",
                            host, port));
  }
  // cpp-httplib writes answers for as long as it knows of a listening socket.
  listener_ = Descriptor(svr_sock_);
  // It asks for room for 5 that knock at once; the sixth would wait for its packets to be
  // sent again, a second or more.
  ::listen(listener_.get(), SOMAXCONN);
  ::fcntl(listener_.get(), F_SETFL, O_NONBLOCK);
  const std::size_t wanted = limits_.served + limits_.idle;
  const std::size_t descriptors = descriptors_for(wanted + other_descriptors);
  most_connections_ = std::max<std::size_t>(
      descriptors > other_descriptors ? descriptors - other_descriptors : 0, 16);
  most_connections_ = std::min(most_connections_, wanted);
  idle_.emplace(listener_.get());
  return bound;
}

void ConnectionServer::run() {
  while (!is_ending_) {
    auto heard = idle_->wait();
    if (heard.knocks) accept_some();
    for (ConnectionPtr& one : heard.connections) hand_over(std::move(one));
  }
  listener_.close();
  for (ConnectionPtr& one : idle_->end()) hand_over(std::move(one));
  threads_.shutdown();
}

void ConnectionServer::end() {
  is_ending_ = true;
  if (idle_) idle_->wake();
}

/// Closes idle connections, beyond what there may be. False: it could not.
bool ConnectionServer::make_room() {
  while (connections_ >= most_connections_) {
    if (!idle_->drop_one()) return false;
  }
  return true;
}

void ConnectionServer::accept_some() {
  for (int i = 0; i < most_accepted_at_once; ++i) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.get() < 0) {
      if (lacks_descriptors(errno) && !idle_->drop_one()) {
        std::this_thread::sleep_for(pause_without_descriptors);
      }
      return;
    }
    admit(std::move(socket));
  }
}

void ConnectionServer::admit(Descriptor socket) {
  httplib::set_socket_opt(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  const bool has_room = make_room();
  TlsSession tls = tls_ ? open_session(tls_.get(), socket.get()) : nullptr;
  if (tls_ && !tls) return;
  ++connections_;
  const ConnectionPtr connection(new Connection(std::move(socket), std::move(tls)),
                                 [this](const Connection* one) {
                                   delete one;
                                   --connections_;
                                 });
  if (!has_room) {
    refuse(*connection);
    return;
  }
  connection->deadline = std::chrono::steady_clock::now() + limits_.patience;
  idle_->put(connection);
}

void ConnectionServer::hand_over(ConnectionPtr connection) {
  char byte = 0;
  // Gone already, as most that are heard of after a silence.
  if (::recv(connection->socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) return;
  if (!threads_.enqueue([this, connection] { serve(connection); })) refuse(*connection);
}

void ConnectionServer::serve(const ConnectionPtr& connection) {
  ConnectionStream stream(*connection, limits_.patience);
  while (true) {
    const bool stays = !is_ending_ && !threads_.is_crowded();
    const Readiness readiness = stream.await_request(stays ? lingering : lingering.zero());
    if (readiness == Readiness::ended) return;
    if (readiness == Readiness::later) {
      idle_->put(connection);
      return;
    }
    if (!answer(stream, *connection)) return;
    connection->deadline = std::chrono::steady_clock::now() + limits_.patience;
  }
}

/// Returns whether the connection goes on.
bool ConnectionServer::answer(ConnectionStream& stream, const Connection& connection) {
  stream.read_until(std::chrono::steady_clock::now() + limits_.patience);
  const bool is_last = is_ending_;
  bool is_closed = false, is_upgraded = false;
  const bool is_whole = process_request(
      stream, connection.remote().address, connection.remote().port, connection.local().address,
      connection.local().port, is_last, is_closed,
      [&](httplib::Request&) { stream.read_until(std::nullopt); }, &is_upgraded);
  return is_whole && !is_last && !is_closed && !is_upgraded;
}

}  // namespace vivavox
