// A client's connection, plain or TLS, of which nothing waits.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

#include "server/http/endpoint.h"
#include "server/http/tls.h"
#include "server/subprocess.h"

namespace vivavox {

/// What came of an attempt to move bytes. Neither bytes nor events: the connection has ended.
struct Attempt {
  std::size_t bytes = 0;
  short awaited = 0;  ///< poll(2)'s events after which it can go on

  bool has_ended() const { return bytes == 0 && awaited == 0; }
};

/// One thread may read while another writes.
class Connection {
 public:
  /// `socket` is connected and does not block; `tls` is empty where the connection is plain.
  Connection(Descriptor socket, TlsSession tls);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  /// Takes leave and closes.
  ~Connection();

  /// With TLS, shakes hands first.
  Attempt read_some(std::span<char> bytes);
  Attempt write_some(std::span<const char> bytes);

  /// Bytes that were received, and that the socket does not know of any more.
  std::size_t pending() const;

  int socket() const { return socket_.get(); }
  const Endpoint& local() const { return local_; }
  const Endpoint& remote() const { return remote_; }

  /// Whoever holds the connection: until when a request has to have begun, and what to
  /// wait for until then.
  std::chrono::steady_clock::time_point deadline;
  short awaited;

 private:
  Attempt tls_attempt(int result, std::size_t bytes);

  Descriptor socket_;
  TlsSession tls_;
  mutable std::mutex tls_mutex_;
  bool has_failed_ = false;  ///< TLS that must not be spoken any more
  Endpoint local_, remote_;
};

using ConnectionPtr = std::shared_ptr<Connection>;

}  // namespace vivavox
