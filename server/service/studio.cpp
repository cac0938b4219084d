#include "server/service/studio.h"

#include <algorithm>

#include "server/avatar_file.h"

namespace vivavox {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t most_waiting = 32;
constexpr std::chrono::seconds remembered{10};
constexpr int first_side_px = 512;

}  // namespace

/// What a thread keeps from job to job.
struct Studio::Worker {
  std::optional<Stage> stage;
  std::optional<fs::path> shown;
  fs::file_time_type shown_changed;
};

Studio::Studio(int workers) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
}

Studio::~Studio() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::future<Result<void>> Studio::submit(const fs::path& model, const Deadline& deadline,
                                         StageJob job) {
  Task task{model, deadline, std::move(job), {}};
  auto result = task.result.get_future();
  {
    const std::lock_guard lock(mutex_);
    if (ending_ || queue_.size() >= most_waiting) {
      task.result.set_value(
          fail(ErrorCode::unavailable, "too many renders wait already: try again in a moment"));
      return result;
    }
    queue_.push_back(std::move(task));
  }
  changed_.notify_one();
  return result;
}

void Studio::work() {
  Worker worker;
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (ending_) break;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    Result<void> done = carry_out(worker, task);
    lock.lock();
    ++jobs_done_;
    lock.unlock();
    task.result.set_value(std::move(done));
  }
  const std::lock_guard lock(mutex_);
  for (Task& task : queue_) {
    task.result.set_value(fail(ErrorCode::unavailable, "the service is shutting down"));
  }
  queue_.clear();
}

Result<void> Studio::carry_out(Worker& worker, Task& task) {
  if (auto goes_on = task.deadline.check(); !goes_on) return goes_on;
  if (auto ready = prepare(worker, task.model); !ready) return ready;
  try {
    return task.job(*worker.stage);
  } catch (const std::exception& error) {
    return fail(ErrorCode::io_failed, std::string("a render failed: ") + error.what());
  }
}

Result<void> Studio::prepare(Worker& worker, const fs::path& model) {
  std::error_code error;
  const auto changed = model.empty() ? fs::file_time_type() : fs::last_write_time(model, error);
  const bool is_shown = worker.shown == model && worker.shown_changed == changed;
  std::future<Result<Avatar>> avatar;
  // The avatar is read while the device is made.
  if (!is_shown) {
    avatar = std::async(std::launch::async, [&] { return open_avatar(model.string()); });
  }
  if (!worker.stage) {
    auto opened = Stage::create(first_side_px, first_side_px);
    const std::lock_guard lock(mutex_);
    opened_ = opened.has_value();
    failure_ = opened ? "" : opened.error().message;
    if (!opened) return std::unexpected(opened.error());
    worker.stage = *std::move(opened);
  }
  if (is_shown) return {};
  auto opened_avatar = avatar.get();
  if (!opened_avatar) return std::unexpected(opened_avatar.error());
  worker.stage->show(*std::move(opened_avatar));
  worker.shown = model;
  worker.shown_changed = changed;
  return {};
}

Image Studio::draw(Stage& stage) {
  const auto start = Clock::now();
  Image image = stage.picture();
  const auto end = Clock::now();
  const std::lock_guard lock(mutex_);
  ++frames_drawn_;
  while (!frames_.empty() && end - frames_.front().end > remembered) frames_.pop_front();
  frames_.push_back({end, end - start});
  return image;
}

std::string Studio::condition() const {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return failure_;
  return opened_ ? "healthy" : "standby";
}

boost::json::object Studio::figures() const {
  const std::string state = condition();
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  double busy_s = 0, recent_s = 0, total_s = 0;
  for (const Frame& frame : frames_) {
    total_s += frame.length.count();
    if (now - frame.end < remembered) busy_s += frame.length.count();
  }
  if (!frames_.empty()) recent_s = total_s / static_cast<double>(frames_.size());
  const double share = busy_s / std::chrono::duration<double>(remembered).count() /
                       static_cast<double>(std::max<std::size_t>(1, threads_.size()));
  return {{"state", state},
          {"renders", jobs_done_},
          {"frames", frames_drawn_},
          {"fps", recent_s > 0 ? 1 / recent_s : 0.0},
          {"frame_time_ms", recent_s * 1000},
          {"gpu_load", std::min(1.0, share)},
          {"queue_depth", queue_.size()},
          {"workers", threads_.size()}};
}

int Studio::queue_depth() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(queue_.size());
}

}  // namespace vivavox
