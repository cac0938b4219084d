// A thread for each connection, kept a while for the next.
#pragma once

#include <httplib.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace vivavox {

/// cpp-httplib's own pool starts no thread while one is idle, also where several
/// connections have come for that one: the others then wait until a connection
/// ends, which keep-alive puts off for ever. Here no accepted connection waits
/// for another.
class ConnectionThreads final : public httplib::TaskQueue {
 public:
  explicit ConnectionThreads(std::size_t most_threads) : most_threads_(most_threads) {}
  ~ConnectionThreads() override { shutdown(); }

  /// False where there are too many connections: it is closed then.
  bool enqueue(std::function<void()> connection) override;

  /// Returns once every connection was served to its end.
  void shutdown() override;

 private:
  void work();

  std::size_t most_threads_;
  std::mutex mutex_;
  std::condition_variable came_, left_;
  std::deque<std::function<void()>> waiting_;
  std::size_t threads_ = 0, idle_ = 0;
  bool ending_ = false;
};

}  // namespace vivavox
