// A connection as cpp-httplib reads and writes it.
#pragma once

#include <httplib.h>

#include <array>
#include <chrono>
#include <optional>

#include "server/http/connection.h"

namespace vivavox {

/// What a connection is ready for.
enum class Readiness {
  request,  ///< something was said
  later,    ///< nothing yet; the connection's `awaited` says what to wait for
  ended,
};

/// Waits where a connection does not, each time for as long as it may. Keeps what was read
/// too far: it lives until there is nothing of it.
class ConnectionStream final : public httplib::Stream {
 public:
  using Clock = std::chrono::steady_clock;

  ConnectionStream(Connection& connection, Clock::duration patience)
      : connection_(connection), read_patience_(patience), write_patience_(patience) {}

  /// Waits for the next request to begin, but no longer than `patience`.
  Readiness await_request(Clock::duration patience);

  /// What is read from now on has to be there at this time; nullopt: whenever it may.
  void read_until(std::optional<Clock::time_point> deadline) { read_deadline_ = deadline; }

  bool is_readable() const override;
  bool wait_readable() const override;
  bool wait_writable() const override;
  /// A client that only ended its own sending is.
  bool is_peer_alive() const override;
  /// The number of bytes; 0: the client ended, -1: it took too long.
  ssize_t read(char* bytes, std::size_t size) override;
  /// All bytes, or -1.
  ssize_t write(const char* bytes, std::size_t size) override;
  void get_remote_ip_and_port(std::string& address, int& port) const override;
  void get_local_ip_and_port(std::string& address, int& port) const override;
  socket_t socket() const override { return connection_.socket(); }
  time_t duration() const override { return 0; }
  void set_read_timeout(time_t seconds, time_t microseconds) override;

 private:
  bool wait_to_read(short awaited) const;

  Connection& connection_;
  Clock::duration read_patience_, write_patience_;
  std::optional<Clock::time_point> read_deadline_;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0, end_ = 0;  ///< of what is in the buffer
};

}  // namespace vivavox
