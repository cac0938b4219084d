// When to give up a piece of work.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "engine/error.h"

namespace vivavox {

/// Asked between the steps of long work, which ends when it says so: when nothing
/// came of it for too long, or nobody wants it any more. Copies are of one deadline.
class Deadline {
 public:
  /// `setting`: what limits it, for the message ("MAX_TTS_TIME"). `objection`: why the
  /// work is not wanted any more ("the client went away"), nullptr while it is; may
  /// be empty.
  Deadline(std::string setting, std::chrono::seconds limit, std::function<const char*()> objection)
      : setting_(std::move(setting)), limit_(limit), objection_(std::move(objection)) {
    advance();
  }

  /// The work went a step on: from now the time counts anew. Without such steps
  /// the limit is that of the whole.
  void advance() const { *end_ = std::chrono::steady_clock::now() + limit_; }

  /// Errors: cancelled.
  Result<void> check() const {
    if (const char* why = objection_ ? objection_() : nullptr) {
      return fail(ErrorCode::cancelled, why);
    }
    if (std::chrono::steady_clock::now() >= end_->load()) {
      return fail(ErrorCode::cancelled, "it took longer than " + setting_ + " allows (" +
                                            std::to_string(limit_.count()) +
                                            " s): ask for less, or try again later");
    }
    return {};
  }

 private:
  using Moment = std::chrono::steady_clock::time_point;
  std::string setting_;
  std::chrono::seconds limit_;
  std::shared_ptr<std::atomic<Moment>> end_ = std::make_shared<std::atomic<Moment>>();
  std::function<const char*()> objection_;
};

}  // namespace vivavox
