// Where the service renders: threads that each own a stage, behind a bounded queue.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/stage/stage.h"
#include "server/work/deadline.h"

namespace vivavox {

/// What a job came to in its turn on a stage.
enum class Turn {
  done,
  again,    ///< there is more to do; others take their turns first
  blocked,  ///< it waits for something, and looks again in a moment
};

/// Work on a stage that shows the avatar asked for, one turn after another: a turn
/// draws something, or finds that it cannot now, and ends soon. Draws through draw(),
/// so that its frames are counted.
using StageJob = std::function<Result<Turn>(Stage&)>;

/// Pictures need one turn, films many: each kind has its own places to wait in.
enum class JobKind { picture, film };

class Studio {
 private:
  struct Task;

 public:
  explicit Studio(int workers);
  /// Ends what runs, drops what waits.
  ~Studio();

  /// A job in the queue; cancelled with this, after which it is not called any more.
  class Ticket {
   public:
    Ticket(Studio& studio, std::shared_ptr<Task> task) : studio_(&studio), task_(std::move(task)) {}
    Ticket(Ticket&&) noexcept = default;
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket();

    /// Waits for the job to end. Errors: those of the job; unavailable (the queue
    /// was full), renderer_unavailable, invalid_avatar, cancelled by its deadline.
    Result<void> wait();

    /// The same without waiting; nullopt: it goes on.
    std::optional<Result<void>> outcome();

   private:
    Studio* studio_;
    std::shared_ptr<Task> task_;
  };

  /// Hands the job to the next free worker. `model` is as of
  /// open_avatar(). It ends when the job is done or fails, or when the deadline says so.
  Ticket submit(JobKind kind, const std::filesystem::path& model, const Deadline& deadline,
                StageJob job);

  /// Whether others wait for a turn.
  bool is_wanted() const;

  /// A picture of the stage as it is set.
  Image draw(Stage& stage);

  /// "standby" before the first use, "healthy", or why there is no renderer.
  std::string condition() const;

  /// What was measured: {state, renders, frames, fps, frame_time_ms, gpu_load,
  /// queue_depth, workers}. `gpu_load` is the share of the last ten seconds in
  /// which frames were drawn; `fps` is what one worker manages without a pause.
  boost::json::object figures() const;

  int queue_depth() const;

 private:
  struct Task {
    JobKind kind;
    std::filesystem::path model;
    Deadline deadline;
    StageJob job;
    std::chrono::steady_clock::time_point not_before{};
    bool is_running = false;
    std::optional<Result<void>> outcome;
    std::condition_variable changed;  ///< its turn or the whole has ended
  };
  struct Frame {
    std::chrono::steady_clock::time_point end;
    std::chrono::duration<double> length;
  };
  struct Worker;

  using TaskPtr = std::shared_ptr<Task>;

  void work();
  TaskPtr next_task(std::unique_lock<std::mutex>& lock);
  Result<Turn> take_turn(Worker& worker, Task& task);
  Result<void> prepare(Worker& worker, const std::filesystem::path& model);
  void end(Task& task, Result<void> outcome);
  void withdraw(const TaskPtr& task);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<TaskPtr> queue_;          ///< in the order of their turns
  std::array<int, 2> task_counts_{};   ///< by kind, in the queue or at work
  JobKind last_kind_ = JobKind::film;  ///< that had a turn
  bool ending_ = false;
  bool opened_ = false;
  std::string failure_;
  std::uint64_t jobs_done_ = 0, frames_drawn_ = 0;
  std::deque<Frame> frames_;  ///< of the last ten seconds, and the last one
  std::vector<std::thread> threads_;
};

}  // namespace vivavox
