#include "server/work/gate.h"

#include <chrono>

namespace vivavox {

Result<Gate::Pass> Gate::enter(const Deadline& deadline) {
  std::unique_lock lock(mutex_);
  if (inside_ >= most_inside_ && waiting_ >= most_waiting_) {
    return fail(ErrorCode::unavailable, "too many requests of this kind wait already: try again");
  }
  ++waiting_;
  Result<void> goes_on;
  // Also woken by the clock: whoever waits may have gone away.
  while (inside_ >= most_inside_ && (goes_on = deadline.check())) {
    left_.wait_for(lock, std::chrono::milliseconds(100));
  }
  --waiting_;
  if (!goes_on) return std::unexpected(goes_on.error());
  ++inside_;
  return Pass(*this);
}

void Gate::leave() {
  {
    const std::lock_guard lock(mutex_);
    --inside_;
  }
  left_.notify_one();
}

}  // namespace vivavox
