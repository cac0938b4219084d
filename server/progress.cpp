#include "server/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace vivavox {

namespace {
constexpr int bar_width_columns = 40;
constexpr std::chrono::milliseconds redraw_interval{50};
}  // namespace

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), shown_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::update(double fraction) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || (fraction < 1 && now - drawn_ < redraw_interval)) return;
  drawn_ = now;
  const auto filled = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * bar_width_columns);
  const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                          std::string(static_cast<std::size_t>(bar_width_columns - filled), ' ');
  std::fprintf(stderr, "\r\033[K%s [%s] %3.0f %%", label_.c_str(), bar.c_str(), fraction * 100);
}

}  // namespace vivavox
