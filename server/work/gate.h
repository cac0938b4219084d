// How many may do heavy work at one time, and how many may wait for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>

#include "server/work/deadline.h"

namespace vivavox {

class Gate {
 public:
  Gate(int most_inside, int most_waiting)
      : most_inside_(most_inside), most_waiting_(most_waiting) {}

  /// Leaves the gate at its end.
  class Pass {
   public:
    Pass(Gate& gate, int places) : gate_(&gate), places_(places) {}
    Pass(Pass&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), places_(other.places_) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_) gate_->leave(places_);
    }

   private:
    Gate* gate_;
    int places_;
  };

  /// Waits for a place, or several; who wants more than there are gets all.
  /// Errors: unavailable (too many wait already), cancelled.
  Result<Pass> enter(const Deadline& deadline, std::int64_t places = 1);

  int waiting() const { return waiting_; }

 private:
  void leave(int places);

  int most_inside_;
  int most_waiting_;
  std::mutex mutex_;
  std::condition_variable left_;
  int inside_ = 0;
  std::atomic<int> waiting_ = 0;
};

}  // namespace vivavox
