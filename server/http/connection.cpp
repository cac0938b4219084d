#include "server/http/connection.h"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace vivavox {

namespace {

Attempt socket_attempt(ssize_t count, short awaited) {
  if (count > 0) return {.bytes = static_cast<std::size_t>(count)};
  const bool can_go_on = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return {.awaited = can_go_on ? awaited : short{0}};
}

}  // namespace

Connection::Connection(Descriptor socket, TlsSession tls)
    : awaited(POLLIN),
      socket_(std::move(socket)),
      tls_(std::move(tls)),
      local_(local_end(socket_.get()).value_or(Endpoint{})),
      remote_(remote_end(socket_.get()).value_or(Endpoint{})) {}

Connection::~Connection() {
  if (tls_ && !has_failed_ && SSL_is_init_finished(tls_.get())) {
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  ::shutdown(socket_.get(), SHUT_RDWR);
}

Attempt Connection::read_some(std::span<char> bytes) {
  if (!tls_) {
    return socket_attempt(::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT), POLLIN);
  }
  const std::lock_guard lock(tls_mutex_);
  if (has_failed_) return {};
  std::size_t count = 0;
  const int result = SSL_read_ex(tls_.get(), bytes.data(), bytes.size(), &count);
  return tls_attempt(result, count);
}

Attempt Connection::write_some(std::span<const char> bytes) {
  if (!tls_) {
    return socket_attempt(
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL), POLLOUT);
  }
  const std::lock_guard lock(tls_mutex_);
  if (has_failed_) return {};
  std::size_t count = 0;
  const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &count);
  return tls_attempt(result, count);
}

/// With the lock held.
Attempt Connection::tls_attempt(int result, std::size_t bytes) {
  if (result == 1) return {.bytes = bytes};
  const int error = SSL_get_error(tls_.get(), result);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return {.awaited = POLLIN};
  if (error == SSL_ERROR_WANT_WRITE) return {.awaited = POLLOUT};
  has_failed_ = error != SSL_ERROR_ZERO_RETURN;
  return {};
}

std::size_t Connection::pending() const {
  if (!tls_) return 0;
  const std::lock_guard lock(tls_mutex_);
  return static_cast<std::size_t>(SSL_pending(tls_.get()));
}

}  // namespace vivavox
