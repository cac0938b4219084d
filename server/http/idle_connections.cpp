#include "server/http/idle_connections.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace vivavox {

namespace {

// What epoll tells of; connections have ids beyond.
constexpr std::uint64_t wake_id = 0, listener_id = 1;
/// So many are dealt with at a time, so that none waits long for the others.
constexpr std::size_t batch = 64;

bool watch(int epoll, int descriptor, std::uint32_t events, std::uint64_t id) {
  epoll_event event{.events = events, .data = {.u64 = id}};
  return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

}  // namespace

IdleConnections::IdleConnections(int listener)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      last_id_(listener_id) {
  if (!watch(epoll_.get(), wake_.get(), EPOLLIN, wake_id) ||
      !watch(epoll_.get(), listener, EPOLLIN, listener_id)) {
    throw std::system_error(errno, std::generic_category(), "epoll");
  }
}

void IdleConnections::put(ConnectionPtr connection) {
  const int socket = connection->socket();
  const auto events = static_cast<std::uint32_t>(connection->awaited) | EPOLLRDHUP;
  const std::lock_guard lock(mutex_);
  if (has_ended_) return;
  const std::uint64_t id = ++last_id_;
  const auto deadline = connection->deadline;
  const auto place = waiting_.emplace(deadline, std::pair(id, std::move(connection)));
  by_id_.emplace(id, place);
  if (!watch(epoll_.get(), socket, events, id)) {
    take(place);
    return;
  }
  // Whoever waits does so until the first deadline that it knew.
  if (place == waiting_.begin()) wake();
}

/// With the lock held. Whoever drops what it returns outside of the lock closes it there.
ConnectionPtr IdleConnections::take(ByDeadline::iterator place) {
  auto [id, connection] = std::move(place->second);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, connection->socket(), nullptr);
  by_id_.erase(id);
  waiting_.erase(place);
  return connection;
}

bool IdleConnections::drop_one() {
  ConnectionPtr dropped;
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return false;
  dropped = take(waiting_.begin());
  return true;
}

void IdleConnections::drop_late() {
  std::vector<ConnectionPtr> dropped;
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  while (!waiting_.empty() && waiting_.begin()->first <= now && dropped.size() < batch) {
    dropped.push_back(take(waiting_.begin()));
  }
}

int IdleConnections::wait_ms() const {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(waiting_.begin()->first - Clock::now());
  return static_cast<int>(std::max(0L, left.count()));
}

IdleConnections::Heard IdleConnections::wait() {
  Heard heard = take_heard(wait_ms());
  drop_late();
  return heard;
}

IdleConnections::Heard IdleConnections::take_heard(int wait_ms) {
  std::array<epoll_event, batch> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), wait_ms);
  Heard heard;
  const std::lock_guard lock(mutex_);
  for (const epoll_event& event : std::span(events).first(std::max(0, count))) {
    // A copy: the structure is packed, and may not be referred to.
    const std::uint64_t id = event.data.u64;
    if (id == listener_id) {
      heard.knocks = true;
    } else if (id == wake_id) {
      eventfd_t ignored = 0;
      ::eventfd_read(wake_.get(), &ignored);
    } else if (const auto found = by_id_.find(id); found != by_id_.end()) {
      heard.connections.push_back(take(found->second));
    }
  }
  return heard;
}

void IdleConnections::wake() const {
  ::eventfd_write(wake_.get(), 1);
}

std::vector<ConnectionPtr> IdleConnections::end() {
  std::vector<ConnectionPtr> heard;
  for (bool more = true; more;) {
    auto now = take_heard(0).connections;
    more = !now.empty();
    std::ranges::move(now, std::back_inserter(heard));
  }
  ByDeadline silent;
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  silent.swap(waiting_);
  by_id_.clear();
  return heard;
}

std::size_t IdleConnections::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace vivavox
