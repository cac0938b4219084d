#include "server/sync/stream_client.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>

namespace vivavox {

namespace {

constexpr std::size_t most_queued_messages = 1024;
constexpr std::size_t most_queued_bytes = std::size_t{8} << 20;

int port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return -1;
}

/// Cuts the connection that `request` came over. cpp-httplib keeps the socket to
/// itself and its WebSocket::close() may not be called beside read(), so the
/// socket is looked up among this process's own by its two ports. That is slow,
/// and only done to clients that are to go.
void cut_connection(const httplib::Request& request) {
  const std::unique_ptr<DIR, int (*)(DIR*)> descriptors(::opendir("/proc/self/fd"), ::closedir);
  if (!descriptors) return;
  while (const dirent* entry = ::readdir(descriptors.get())) {
    int descriptor = -1;
    const std::string_view name = entry->d_name;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    sockaddr_storage local{}, remote{};
    socklen_t local_size = sizeof local, remote_size = sizeof remote;
    if (descriptor < 0 ||
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &local_size) != 0 ||
        ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&remote), &remote_size) != 0) {
      continue;
    }
    if (port_of(local) == request.local_port && port_of(remote) == request.remote_port) {
      ::shutdown(descriptor, SHUT_RDWR);
    }
  }
}

}  // namespace

StreamClient::StreamClient(httplib::ws::WebSocket& socket, std::string client_id)
    : socket_(socket), client_id_(std::move(client_id)), thread_([this] { run(); }) {}

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
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
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
