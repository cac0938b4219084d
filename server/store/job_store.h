// Jobs: work that goes on after its request is answered, and who does it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/database.h"
#include "server/store/records.h"
#include "server/store/viewer.h"

namespace vivavox {

/// Times are milliseconds since 1970 by the database's clock; 0: not yet.
struct Job {
  std::string job_id;
  Viewer viewer;          ///< who asked for it
  std::string operation;  ///< its operationId
  std::string body;       ///< JSON; empty once the job has ended
  std::string state;      ///< queued, running, done, failed, cancelled
  std::int64_t created_at = 0;
  std::int64_t started_at = 0;
  std::int64_t ended_at = 0;
  std::int64_t attempts = 0;  ///< how often it was begun
  std::int64_t frames_done = 0;
  std::int64_t frames_expected = 0;  ///< 0: not known
  std::int64_t status = 0;           ///< of the answer that a direct call would have had
  std::string reply;                 ///< JSON: that answer's body
  std::string error_name;            ///< of a failed one
  std::vector<std::string> files;    ///< in RENDERS_DIR
  std::string webhook_url;           ///< empty: nobody is called
  std::string webhook_state;         ///< waiting (for the end), due, delivered, failed
  std::int64_t webhook_attempts = 0;
  std::string webhook_error;  ///< why the last call failed

  bool has_ended() const { return state != "queued" && state != "running"; }
};

/// How a job came to its end.
struct JobEnd {
  bool is_well = false;
  std::int64_t status = 0;
  std::string reply;
  std::string error_name;
  std::vector<Render> made;  ///< whose files are in place
};

/// A page of the list, newest first.
struct JobPage {
  std::string state;  ///< only those; empty: all
  int limit = 100;
  /// After this one; none: from the newest.
  std::optional<std::pair<std::int64_t, std::string>> after = {};
};

/// Of one process. Safe to use from many threads. Errors of all: unavailable, io_failed;
/// others are named.
class JobStore {
 public:
  explicit JobStore(Database& database);

  /// Keeps a job that is to be done; one that was added before is returned as it is. Errors:
  /// unavailable (`most_waiting` wait already).
  Result<Job> add(Job job, std::int64_t most_waiting);

  /// Errors: not_found, also of what the viewer does not see.
  Result<Job> job(const std::string& job_id, const Viewer& viewer);
  Result<std::vector<Job>> jobs(const JobPage& page, const Viewer& viewer);

  /// Ends a job that has not ended yet. Errors: not_found.
  Result<Job> cancel(const std::string& job_id, const Viewer& viewer);

  /// The next job that is to be done, which from now on is this process's.
  Result<std::optional<Job>> claim();

  /// Jobs whose process is no more are done again, or have failed if that happened too
  /// often. `all`: those of every process, because there is no other.
  Result<void> recover(bool all);

  /// How far a job is; keeps it this process's. False: it is not, any more.
  Result<bool> renew(const Job& job);

  /// The job's end, how far it came and what was made, in one. False: it is not this process's any
  /// more.
  Result<bool> finish(const Job& job, const JobEnd& end);

  /// The job waits again, at least for so long, as if this attempt had not been.
  Result<void> give_back(const Job& job, std::int64_t wait_ms);

  /// A job whose webhook is to be called now; others leave it alone for `patience_ms`.
  Result<std::optional<Job>> claim_webhook(std::int64_t patience_ms);
  /// What came of it: empty `error`: well. `wait_ms`: until the next attempt, nullopt:
  /// there is none.
  Result<void> note_webhook(const Job& job, const std::string& error,
                            std::optional<std::int64_t> wait_ms);

  /// Forgets jobs that ended before this time.
  Result<void> forget(std::int64_t before_ms);

  Result<std::int64_t> now_ms() { return database_.clock_ms(); }

 private:
  Database& database_;
  const std::string process_id_;
};

}  // namespace vivavox
