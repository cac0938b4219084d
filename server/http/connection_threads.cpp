#include "server/http/connection_threads.h"

#include <chrono>
#include <system_error>
#include <thread>

namespace vivavox {

namespace {
constexpr std::chrono::seconds kept_idle{10};
}

bool ConnectionThreads::enqueue(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  const bool needs_thread = idle_ <= waiting_.size();
  if (ending_ || (needs_thread && threads_ >= most_threads_)) return false;
  if (needs_thread) {
    try {
      std::thread([this] { this->work(); }).detach();
    } catch (const std::system_error&) {
      return false;  // the system has none left
    }
    ++threads_;
  } else {
    came_.notify_one();
  }
  waiting_.push_back(std::move(work));
  return true;
}

void ConnectionThreads::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (waiting_.empty()) {
      ++idle_;
      came_.wait_for(lock, kept_idle, [this] { return ending_ || !waiting_.empty(); });
      --idle_;
    }
    if (waiting_.empty()) break;
    {
      const auto work = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      ++busy_;
      work();
      --busy_;
    }
    lock.lock();
  }
  --threads_;
  // With the lock held: whoever waits for the last one may delete this.
  left_.notify_all();
}

void ConnectionThreads::shutdown() {
  std::unique_lock lock(mutex_);
  ending_ = true;
  came_.notify_all();
  left_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace vivavox
