// Where the service renders: threads that each own a stage, behind a bounded queue.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/stage/stage.h"
#include "server/work/deadline.h"

namespace vivavox {

/// Work on a stage that shows the avatar asked for. Draws through draw(), so
/// that its frames are counted.
using StageJob = std::function<Result<void>(Stage&)>;

class Studio {
 public:
  explicit Studio(int workers);
  /// Ends what runs, drops what waits.
  ~Studio();

  /// Hands the job to the next free worker. `model` is the avatar's file, empty
  /// for Vivi. Errors, by the future: those of the job; unavailable (the queue
  /// is full: at once), renderer_unavailable, invalid_avatar, cancelled.
  std::future<Result<void>> submit(const std::filesystem::path& model, const Deadline& deadline,
                                   StageJob job);

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
    std::filesystem::path model;
    Deadline deadline;
    StageJob job;
    std::promise<Result<void>> result;
  };
  struct Frame {
    std::chrono::steady_clock::time_point end;
    std::chrono::duration<double> length;
  };
  struct Worker;

  void work();
  Result<void> carry_out(Worker& worker, Task& task);
  Result<void> prepare(Worker& worker, const std::filesystem::path& model);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> queue_;
  bool ending_ = false;
  bool opened_ = false;
  std::string failure_;
  std::uint64_t jobs_done_ = 0, frames_drawn_ = 0;
  std::deque<Frame> frames_;  ///< of the last ten seconds, and the last one
  std::vector<std::thread> threads_;
};

}  // namespace vivavox
