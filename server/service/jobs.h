// Work that goes on after its request is answered: who does it, and who is told.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/assets/file_store.h"
#include "server/http/http_server.h"
#include "server/http/log.h"
#include "server/service/job_work.h"
#include "server/store/job_store.h"

namespace vivavox {

/// As clients see it. `whole`: with the result, which a list leaves out.
boost::json::object to_json(const Job& job, bool whole);

/// Does the store's jobs, some at a time and the oldest first, with the functions that
/// answer direct calls: what such a call would have been answered is the job's result.
/// A job that is cancelled, or not this process's any more, is told so through its
/// call's objection.
class Jobs {
 public:
  using Work = std::function<Reply(const Call&)>;

  /// `on_made` hears of renders that were recorded.
  Jobs(JobStore& store, const FileStore& renders, Log& log,
       std::function<void(std::span<const Render>)> on_made);
  ~Jobs();

  /// What is done for an operation of the document. At start.
  void offer(const std::string& operation_id, Work work);
  /// The operation, if it is offered.
  const Operation* offered(const std::string& operation_id) const;

  /// Begins to work, in so many threads. What an earlier process began and did not end
  /// is done again.
  void start(int workers);
  /// What runs is given back, for another process or the next start. Returns at once.
  void stop();
  /// Returns when nothing of it runs any more.
  void join();

  /// There is a new one.
  void wake();
  /// Ends a job's work here, if it is done here: any, or that of one attempt.
  void withdraw(const std::string& job_id, std::optional<std::int64_t> attempt = {});

  int running() const { return running_count_; }

 private:
  /// A job at work.
  struct Running {
    const Job* job;
    JobWork work;
    std::atomic<bool> is_withdrawn = false;
  };

  void work();
  void keep();
  void run(Job job);
  Reply carry_out(const Job& job, Running& running);
  void end(const Job& job, const Reply& reply, std::vector<Render> made);
  void discard(const std::vector<Render>& made) const;
  void complain(std::string_view what, const Job& job, std::string_view why);

  JobStore& store_;
  const FileStore& renders_;
  Log& log_;
  std::function<void(std::span<const Render>)> on_made_;
  std::map<std::string, std::pair<const Operation*, Work>> offered_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Running*> running_;
  std::atomic<int> running_count_ = 0;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace vivavox
