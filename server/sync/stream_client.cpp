#include "server/sync/stream_client.h"

#include "server/http/connections.h"

namespace vivavox {

namespace {

constexpr std::size_t most_queued_messages = 1024;
constexpr std::size_t most_queued_bytes = std::size_t{8} << 20;

}  // namespace

StreamClient::StreamClient(httplib::ws::WebSocket& socket, std::string client_id,
                           const Watcher& watcher)
    : socket_(socket),
      client_id_(std::move(client_id)),
      viewer_(watcher.viewer),
      token_id_(watcher.token_id) {
  if (watcher.end_s) {
    end_ = std::chrono::system_clock::time_point(std::chrono::seconds(*watcher.end_s));
  }
  thread_ = std::thread([this] { run(); });
}

StreamClient::~StreamClient() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void StreamClient::send(StreamMessage message) {
  bool too_slow = false;
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return;
    queued_bytes_ += message->size();
    queue_.push_back(std::move(message));
    too_slow = queue_.size() > most_queued_messages || queued_bytes_ > most_queued_bytes;
    if (too_slow) {
      queue_.clear();
      ending_ = disconnecting_ = true;
    }
  }
  changed_.notify_one();
  // The thread that would cut it is stuck in sending.
  if (too_slow) cut_connection(socket_.request());
}

void StreamClient::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = disconnecting_ = true;
  }
  changed_.notify_one();
}

void StreamClient::send_live(std::int64_t seq, StreamMessage message) {
  {
    const std::lock_guard lock(mutex_);
    if (!live_) {
      held_.emplace_back(seq, std::move(message));
      return;
    }
  }
  send(std::move(message));
}

void StreamClient::go_live(std::int64_t seen) {
  std::unique_lock lock(mutex_);
  // Sending happens without the lock, and meanwhile more may be held.
  while (!held_.empty()) {
    auto held = std::move(held_);
    held_.clear();
    lock.unlock();
    for (auto& [seq, message] : held) {
      if (seq > seen) send(std::move(message));
    }
    lock.lock();
  }
  live_ = true;
}

void StreamClient::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto has_work = [this] { return ending_ || !queue_.empty(); };
    if (!end_) {
      changed_.wait(lock, has_work);
    } else if (!changed_.wait_until(lock, *end_, has_work) ||
               std::chrono::system_clock::now() >= *end_) {
      ending_ = disconnecting_ = true;
    }
    if (queue_.empty()) break;
    const StreamMessage message = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= message->size();
    lock.unlock();
    const bool sent = socket_.send(*message);
    lock.lock();
    if (!sent) {
      queue_.clear();
      ending_ = disconnecting_ = true;
    }
  }
  const bool cut = disconnecting_;
  lock.unlock();
  if (cut) cut_connection(socket_.request());
}

}  // namespace vivavox
