// Connections of which nothing is heard: all of them wait in one place, without a thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "server/http/connection.h"
#include "server/subprocess.h"

namespace vivavox {

class IdleConnections {
 public:
  /// `listener`: a socket to wait for as well.
  explicit IdleConnections(int listener);

  /// From any thread. It is closed at its deadline unless it is heard of before, and at
  /// once where nobody waits any more.
  void put(ConnectionPtr connection);

  /// Closes the one that would be closed next. False: there is none.
  bool drop_one();

  struct Heard {
    bool knocks = false;  ///< the listener has somebody
    std::vector<ConnectionPtr> connections;
  };
  /// Waits for somebody to be heard of, for wake(), or for a connection's end.
  Heard wait();
  void wake() const;

  /// Closes those that say nothing now, and all that are still put here.
  /// Returns those that do.
  std::vector<ConnectionPtr> end();

  std::size_t size() const;

 private:
  using Clock = std::chrono::steady_clock;
  using ByDeadline = std::multimap<Clock::time_point, std::pair<std::uint64_t, ConnectionPtr>>;

  int wait_ms() const;
  Heard take_heard(int wait_ms);
  void drop_late();
  ConnectionPtr take(ByDeadline::iterator place);

  Descriptor epoll_, wake_;
  mutable std::mutex mutex_;
  bool has_ended_ = false;
  std::uint64_t last_id_;
  ByDeadline waiting_;
  std::unordered_map<std::uint64_t, ByDeadline::iterator> by_id_;
};

}  // namespace vivavox
