// A progress bar on standard error, where a person watches.
#pragma once

#include <chrono>
#include <string>

namespace vivavox {

/// Draws `label [####    ] 50 %` while it lives; nothing where standard error is
/// no terminal.
class ProgressBar {
 public:
  explicit ProgressBar(std::string label);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `fraction` done, 0…1. Redraws at most some 20 times a second.
  void update(double fraction);

 private:
  std::string label_;
  bool shown_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace vivavox
