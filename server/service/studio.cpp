#include "server/service/studio.h"

#include <malloc.h>

#include <algorithm>
#include <future>

#include "server/avatar_file.h"
#include "server/work/priority.h"

namespace vivavox {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

/// Pictures wait their turn; each film holds an encoder as well.
constexpr std::array<int, 2> most_tasks{32, 8};
constexpr std::chrono::milliseconds blocked_pause{10};
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

Studio::Ticket Studio::submit(JobKind kind, const fs::path& model, const Deadline& deadline,
                              StageJob job) {
  auto task = std::make_shared<Task>(kind, model, deadline, std::move(job));
  {
    const std::lock_guard lock(mutex_);
    int& count = task_counts_[static_cast<std::size_t>(kind)];
    if (ending_ || count >= most_tasks[static_cast<std::size_t>(kind)]) {
      task->outcome =
          fail(ErrorCode::unavailable, "too many renders wait already: try again in a moment");
      return {*this, std::move(task)};
    }
    ++count;
    queue_.push_back(task);
  }
  changed_.notify_one();
  return {*this, std::move(task)};
}

Studio::Ticket::~Ticket() {
  if (task_) studio_->withdraw(task_);
}

Result<void> Studio::Ticket::wait() {
  std::unique_lock lock(studio_->mutex_);
  // Also woken by the clock: a job that waits for its turn does not look at its deadline.
  while (!task_->outcome) {
    task_->changed.wait_for(lock, std::chrono::milliseconds(100));
    if (task_->outcome || task_->is_running) continue;
    if (auto goes_on = task_->deadline.check(); !goes_on) {
      std::erase(studio_->queue_, task_);
      studio_->end(*task_, goes_on);
    }
  }
  return *task_->outcome;
}

std::optional<Result<void>> Studio::Ticket::outcome() {
  const std::lock_guard lock(studio_->mutex_);
  return task_->outcome;
}

void Studio::withdraw(const TaskPtr& task) {
  std::unique_lock lock(mutex_);
  while (task->is_running) task->changed.wait(lock);
  if (task->outcome) return;
  std::erase(queue_, task);
  end(*task, fail(ErrorCode::cancelled, "nobody waits for it any more"));
}

/// With the lock held, and the task out of the queue.
void Studio::end(Task& task, Result<void> outcome) {
  task.outcome = std::move(outcome);
  // What it holds may be gone when its ticket is.
  task.job = nullptr;
  --task_counts_[static_cast<std::size_t>(task.kind)];
  ++jobs_done_;
  task.changed.notify_all();
}

/// The next task whose turn it is: pictures and films alternate, so that neither
/// waits for many of the others. None: the studio ends.
Studio::TaskPtr Studio::next_task(std::unique_lock<std::mutex>& lock) {
  while (!ending_) {
    const auto now = Clock::now();
    auto wake = now + std::chrono::hours(1);
    auto next = queue_.end();
    for (auto one = queue_.begin(); one != queue_.end(); ++one) {
      if ((*one)->not_before > now) {
        wake = std::min(wake, (*one)->not_before);
      } else if (next == queue_.end() ||
                 ((*next)->kind == last_kind_ && (*one)->kind != last_kind_)) {
        next = one;
      }
    }
    if (next != queue_.end()) {
      TaskPtr task = *next;
      queue_.erase(next);
      return task;
    }
    changed_.wait_until(lock, wake);
  }
  return nullptr;
}

void Studio::work() {
  // So do the renderer's threads, which start here.
  give_way();
  Worker worker;
  std::unique_lock lock(mutex_);
  while (const TaskPtr task = next_task(lock)) {
    task->is_running = true;
    last_kind_ = task->kind;
    lock.unlock();
    Result<Turn> turn = take_turn(worker, *task);
    lock.lock();
    task->is_running = false;
    if (turn && *turn != Turn::done) {
      task->not_before = *turn == Turn::blocked ? Clock::now() + blocked_pause : Clock::now();
      queue_.push_back(task);
      task->changed.notify_all();
    } else {
      end(*task, turn ? Result<void>() : std::unexpected(turn.error()));
    }
  }
  while (!queue_.empty()) {
    const TaskPtr task = queue_.front();
    queue_.pop_front();
    end(*task, fail(ErrorCode::unavailable, "the service is shutting down"));
  }
}

Result<Turn> Studio::take_turn(Worker& worker, Task& task) {
  if (auto goes_on = task.deadline.check(); !goes_on) return std::unexpected(goes_on.error());
  if (auto ready = prepare(worker, task.model); !ready) return std::unexpected(ready.error());
  try {
    return task.job(*worker.stage);
  } catch (const std::exception& error) {
    return fail(ErrorCode::io_failed, std::string("a render failed: ") + error.what());
  }
}

bool Studio::is_wanted() const {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  return std::ranges::any_of(queue_, [&](const TaskPtr& task) { return task->not_before <= now; });
}

Result<void> Studio::prepare(Worker& worker, const fs::path& model) {
  std::error_code error;
  const auto changed = model.empty() ? fs::file_time_type() : fs::last_write_time(model, error);
  const bool is_shown = worker.shown == model && worker.shown_changed == changed;
  std::future<Result<Avatar>> avatar;
  // The avatar is read while the device is made.
  if (!is_shown) {
    avatar = std::async(std::launch::async,
                        [&] { return open_avatar(model.string(), most_served_texture_pixels); });
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
  // What the files of both avatars took.
  ::malloc_trim(0);
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
