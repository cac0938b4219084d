#include "server/work/gate.h"

#include <algorithm>
#include <chrono>

namespace vivavox {

Result<Gate::Pass> Gate::enter(const Deadline& deadline, std::int64_t places) {
  const int wanted = static_cast<int>(std::clamp<std::int64_t>(places, 1, most_inside_));
  const auto fits = [&] { return inside_ + wanted <= most_inside_; };
  std::unique_lock lock(mutex_);
  if (!fits() && waiting_ >= most_waiting_) {
    return fail(ErrorCode::unavailable, "too many requests of this kind wait already: try again");
  }
  ++waiting_;
  Result<void> goes_on;
  // Also woken by the clock: whoever waits may have gone away.
  while (!fits() && (goes_on = deadline.check())) {
    left_.wait_for(lock, std::chrono::milliseconds(100));
  }
  --waiting_;
  if (!goes_on) return std::unexpected(goes_on.error());
  inside_ += wanted;
  return Pass(*this, wanted);
}

void Gate::leave(int places) {
  {
    const std::lock_guard lock(mutex_);
    inside_ -= places;
  }
  left_.notify_all();
}

}  // namespace vivavox
