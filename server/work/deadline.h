// When to give up a piece of work.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "engine/error.h"

namespace vivavox {

/// Asked between the steps of long work, which ends when it says so.
class Deadline {
 public:
  /// `setting`: what limits it, for the message ("MAX_TTS_TIME").
  /// `is_abandoned`: whether nobody waits for the result any more; may be empty.
  Deadline(std::string setting, std::chrono::seconds limit, std::function<bool()> is_abandoned)
      : setting_(std::move(setting)),
        limit_(limit),
        end_(std::chrono::steady_clock::now() + limit),
        is_abandoned_(std::move(is_abandoned)) {}

  /// Errors: cancelled.
  Result<void> check() const {
    if (std::chrono::steady_clock::now() >= end_) {
      return fail(ErrorCode::cancelled, "it took longer than " + setting_ + " allows (" +
                                            std::to_string(limit_.count()) +
                                            " s): ask for less, or try again later");
    }
    if (is_abandoned_ && is_abandoned_()) {
      return fail(ErrorCode::cancelled, "the client went away");
    }
    return {};
  }

 private:
  std::string setting_;
  std::chrono::seconds limit_;
  std::chrono::steady_clock::time_point end_;
  std::function<bool()> is_abandoned_;
};

}  // namespace vivavox
