// Threads for connections on which something is said, kept a while for the next.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace vivavox {

/// Starts a thread wherever none is free, so that nothing waits for something else.
class ConnectionThreads {
 public:
  explicit ConnectionThreads(std::size_t most_threads) : most_threads_(most_threads) {}
  ConnectionThreads(const ConnectionThreads&) = delete;
  ConnectionThreads& operator=(const ConnectionThreads&) = delete;
  ~ConnectionThreads() { shutdown(); }

  /// False where there are too many at work.
  bool enqueue(std::function<void()> work);

  /// Whether more than half of the threads there may be are at work.
  bool is_crowded() const { return busy_ > most_threads_ / 2; }

  /// Threads that are at work.
  std::size_t busy() const { return busy_; }

  /// Returns once all work was done.
  void shutdown();

 private:
  void work();

  std::size_t most_threads_;
  std::mutex mutex_;
  std::condition_variable came_, left_;
  std::deque<std::function<void()>> waiting_;
  std::size_t threads_ = 0, idle_ = 0;
  bool ending_ = false;
  std::atomic<std::size_t> busy_ = 0;
};

}  // namespace vivavox
