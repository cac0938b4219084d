#include "server/http/connection_stream.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vivavox {

namespace {

using Clock = ConnectionStream::Clock;

/// Whether it came to be within that time.
bool wait_for(int socket, short awaited, Clock::duration patience) {
  const auto end = Clock::now() + patience;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    pollfd one{socket, awaited, 0};
    const int count = ::poll(&one, 1, static_cast<int>(std::max(0L, left.count())));
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

}  // namespace

Readiness ConnectionStream::await_request(Clock::duration patience) {
  if (begin_ < end_) return Readiness::request;
  const auto end = Clock::now() + patience;
  while (true) {
    const Attempt attempt = connection_.read_some(buffer_);
    if (attempt.bytes > 0) {
      begin_ = 0;
      end_ = attempt.bytes;
      return Readiness::request;
    }
    if (attempt.has_ended()) return Readiness::ended;
    connection_.awaited = attempt.awaited;
    const auto left = end - Clock::now();
    if (left <= Clock::duration::zero() || !wait_for(connection_.socket(), attempt.awaited, left)) {
      return Readiness::later;
    }
  }
}

bool ConnectionStream::is_readable() const {
  return begin_ < end_ || connection_.pending() > 0;
}

bool ConnectionStream::wait_to_read(short awaited) const {
  auto patience = read_patience_;
  if (read_deadline_) {
    patience = std::clamp(*read_deadline_ - Clock::now(), Clock::duration::zero(), patience);
  }
  return wait_for(connection_.socket(), awaited, patience);
}

bool ConnectionStream::wait_readable() const {
  return is_readable() || wait_to_read(POLLIN);
}

bool ConnectionStream::wait_writable() const {
  return wait_for(connection_.socket(), POLLOUT, write_patience_) && is_peer_alive();
}

bool ConnectionStream::is_peer_alive() const {
  pollfd one{connection_.socket(), 0, 0};
  return ::poll(&one, 1, 0) == 0;
}

ssize_t ConnectionStream::read(char* bytes, std::size_t size) {
  if (begin_ == end_) {
    // What would fill the buffer goes past it.
    const std::span<char> into =
        size < buffer_.size() ? std::span<char>(buffer_) : std::span<char>(bytes, size);
    Attempt attempt;
    while ((attempt = connection_.read_some(into)).bytes == 0) {
      if (attempt.has_ended()) return 0;
      if (!wait_to_read(attempt.awaited)) return -1;
    }
    if (into.data() == bytes) return static_cast<ssize_t>(attempt.bytes);
    begin_ = 0;
    end_ = attempt.bytes;
  }
  const std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(bytes, &buffer_[begin_], count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t ConnectionStream::write(const char* bytes, std::size_t size) {
  std::span<const char> left(bytes, size);
  while (!left.empty()) {
    const Attempt attempt = connection_.write_some(left);
    if (attempt.has_ended()) return -1;
    if (attempt.bytes == 0 && !wait_for(connection_.socket(), attempt.awaited, write_patience_)) {
      return -1;
    }
    left = left.subspan(attempt.bytes);
  }
  return static_cast<ssize_t>(size);
}

void ConnectionStream::get_remote_ip_and_port(std::string& address, int& port) const {
  address = connection_.remote().address;
  port = connection_.remote().port;
}

void ConnectionStream::get_local_ip_and_port(std::string& address, int& port) const {
  address = connection_.local().address;
  port = connection_.local().port;
}

void ConnectionStream::set_read_timeout(time_t seconds, time_t microseconds) {
  read_patience_ = std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds);
}

}  // namespace vivavox
