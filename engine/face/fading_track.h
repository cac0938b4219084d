// A value that changes at given times and fades from each to the next.
#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/face/random.h"

namespace vivavox {

/// `mixed(a, b, share)` goes from `a` (share 0) to `b` (share 1).
template <class Value>
class FadingTrack {
 public:
  struct Step {
    double at_s;
    Value value;
  };

  FadingTrack(Value initial, double fade_s) : initial_(std::move(initial)), fade_s_(fade_s) {}

  /// From a time on, this value; of two at one time the later one holds.
  void add(double at_s, Value value) {
    steps_.insert(std::ranges::upper_bound(steps_, at_s, {}, &Step::at_s),
                  {at_s, std::move(value)});
  }

  /// The last step at or before 0 was always there.
  void begin_at_0() {
    const auto later = std::ranges::upper_bound(steps_, 0, {}, &Step::at_s);
    if (later != steps_.begin()) initial_ = std::move((later - 1)->value);
    steps_.erase(steps_.begin(), later);
  }

  Value at(double t_s) const {
    const auto next = std::ranges::upper_bound(steps_, t_s, {}, &Step::at_s);
    // Fades may overlap: begin with the last value that is wholly there.
    auto step = std::ranges::upper_bound(steps_.begin(), next, t_s - fade_s_, {}, &Step::at_s);
    Value value = step == steps_.begin() ? initial_ : (step - 1)->value;
    for (; step != next; ++step) {
      value = mixed(value, step->value, smoothstep((t_s - step->at_s) / fade_s_));
    }
    return value;
  }

  /// Before any step.
  const Value& initial() const { return initial_; }
  std::span<const Step> steps() const { return steps_; }

 private:
  Value initial_;
  double fade_s_;
  std::vector<Step> steps_;
};

}  // namespace vivavox
