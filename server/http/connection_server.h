// cpp-httplib's server with connections of our own: one that is idle costs neither a thread
// nor a moment of the processor.
#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "engine/error.h"
#include "server/http/connection_stream.h"
#include "server/http/connection_threads.h"
#include "server/http/idle_connections.h"
#include "server/http/tls.h"
#include "server/subprocess.h"

namespace vivavox {

struct ConnectionLimits {
  std::size_t served = 1024;  ///< connections on which something is said: each takes a thread
  std::size_t idle = 4096;    ///< others, at most: fewer where there are too few descriptors
  /// For a request to begin, for its head to come, for each part of its body, and for a
  /// part of the answer to be taken.
  std::chrono::seconds patience{15};
};

/// Takes handlers as httplib::Server does, but is bound and run by what is declared here.
class ConnectionServer final : public httplib::Server {
 public:
  ConnectionServer(ConnectionLimits limits, TlsContext tls);

  /// Returns the port. Errors: io_failed (it is taken).
  Result<int> listen_on(const std::string& host, int port);

  /// Serves until end() was called, then closes idle connections and returns once the others
  /// have been answered.
  void run();
  void end();

  std::size_t idle_connections() const { return idle_ ? idle_->size() : 0; }
  std::size_t served_connections() const { return threads_.busy(); }

 private:
  void accept_some();
  bool make_room();
  void admit(Descriptor socket);
  void hand_over(ConnectionPtr connection);
  void serve(const ConnectionPtr& connection);
  bool answer(ConnectionStream& stream, const Connection& connection);

  ConnectionLimits limits_;
  TlsContext tls_;
  Descriptor listener_;
  std::size_t most_connections_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  std::atomic<bool> is_ending_ = false;
  std::optional<IdleConnections> idle_;
  ConnectionThreads threads_;
};

}  // namespace vivavox
