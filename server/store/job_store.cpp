#include "server/store/job_store.h"

#include <format>

#include "server/assets/sha256.h"
#include "server/json_text.h"
#include "server/store/statement.h"
#include "server/store/store.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// A process that did not renew its jobs for so long is taken for dead.
constexpr std::int64_t lease_ms = 15'000;
/// So often a job is begun whose process dies each time.
constexpr std::int64_t most_begins = 3;
/// What orders those who change what is to be done.
constexpr std::string_view jobs_lock = "jobs";

constexpr std::string_view job_columns =
    "job_id, owner, operation, body, state, created_at, "
    "started_at, ended_at, attempts, frames_done, frames_expected, status, reply, error_name, "
    "files, webhook_url, webhook_state, webhook_attempts, webhook_error, "
    "sees_all";
Job read_job(const SqlRow& row) {
  std::vector<std::string> files;
  for (const json::value& one : json::parse(as_text(row[14])).as_array()) {
    files.emplace_back(one.as_string());
  }
  return {.job_id = as_text(row[0]),
          .viewer = {.owner = as_text(row[1]), .sees_all = as_int(row[19]) != 0},
          .operation = as_text(row[2]),
          .body = as_text(row[3]),
          .state = as_text(row[4]),
          .created_at = as_int(row[5]),
          .started_at = as_int(row[6]),
          .ended_at = as_int(row[7]),
          .attempts = as_int(row[8]),
          .frames_done = as_int(row[9]),
          .frames_expected = as_int(row[10]),
          .status = as_int(row[11]),
          .reply = as_text(row[12]),
          .error_name = as_text(row[13]),
          .files = std::move(files),
          .webhook_url = as_text(row[15]),
          .webhook_state = as_text(row[16]),
          .webhook_attempts = as_int(row[17]),
          .webhook_error = as_text(row[18])};
}

/// The jobs of a statement's rows, which are of all columns.
Result<std::vector<Job>> read_jobs(Result<SqlRows> rows) {
  if (!rows) return std::unexpected(std::move(rows.error()));
  std::vector<Job> jobs;
  for (const SqlRow& row : *rows) jobs.push_back(read_job(row));
  return jobs;
}

Result<std::optional<Job>> read_one(Result<SqlRows> rows) {
  auto jobs = read_jobs(std::move(rows));
  if (!jobs) return std::unexpected(std::move(jobs.error()));
  return jobs->empty() ? std::nullopt : std::optional(std::move(jobs->front()));
}

Result<Job> there_is(Result<std::optional<Job>> found) {
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return fail(ErrorCode::not_found, "there is no such job");
  return **std::move(found);
}

Result<std::optional<Job>> find(Transaction& transaction, const std::string& job_id) {
  return read_one(transaction.run(
      std::format("SELECT {} FROM jobs WHERE job_id = $1{}", job_columns, transaction.for_update()),
      {job_id}));
}

/// Ends the jobs for which `condition` holds, with parameters from $8 on.
Result<std::vector<Job>> end_jobs(Transaction& transaction, std::string_view state,
                                  const JobEnd& end, std::int64_t now, std::string_view condition,
                                  std::initializer_list<SqlValue> values) {
  json::array files;
  for (const Render& one : end.made) files.emplace_back(one.file_path);
  std::vector<SqlValue> all{std::string(state), now, now, end.status, end.reply, end.error_name,
                            json_text(files)};
  all.insert(all.end(), values);
  return read_jobs(transaction.run(
      std::format("UPDATE jobs SET state = $1, ended_at = $2, webhook_not_before = $3, status = "
                  "$4, reply = $5, error_name = $6, files = $7, body = '', process_id = '', "
                  "webhook_state = CASE WHEN webhook_state = 'waiting' THEN 'due' ELSE "
                  "webhook_state END WHERE {} RETURNING {}",
                  condition, job_columns),
      all));
}

}  // namespace

JobStore::JobStore(Database& database) : database_(database), process_id_(random_hex(8)) {}

Result<Job> JobStore::add(Job job, std::int64_t most_waiting) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  std::optional<Job> kept;
  auto written = database_.write([&](Transaction& transaction) -> Result<void> {
    kept.reset();
    if (auto locked = transaction.lock(jobs_lock); !locked) return locked;
    auto earlier = find(transaction, job.job_id);
    if (!earlier) return std::unexpected(earlier.error());
    kept = *std::move(earlier);
    if (kept) return {};
    auto waiting =
        transaction.run("SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running')");
    if (!waiting) return std::unexpected(waiting.error());
    if (as_int(waiting->front()[0]) >= most_waiting) {
      return fail(ErrorCode::unavailable,
                  std::format("{} jobs wait already (MAX_JOBS): try again later", most_waiting));
    }
    auto added = read_one(transaction.run(
        std::format("INSERT INTO jobs VALUES ($1, $2, $3, $4, 'queued', $5, 0, 0, 0, 0, '', 0, 0, "
                    "0, 0, '', '', '[]', $6, $7, 0, 0, '', $8) RETURNING {}",
                    job_columns),
        {job.job_id, job.viewer.owner, job.operation, job.body, *now, job.webhook_url,
         std::string(job.webhook_url.empty() ? "" : "waiting"),
         std::int64_t{job.viewer.sees_all}}));
    if (!added) return std::unexpected(added.error());
    kept = *std::move(added);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return *std::move(kept);
}

Result<Job> JobStore::job(const std::string& job_id, const Viewer& viewer) {
  auto job = there_is(read_one(
      database_.read(std::format("SELECT {} FROM jobs WHERE job_id = $1", job_columns), {job_id})));
  if (job && !viewer.may_see(job->viewer.owner)) return there_is(std::nullopt);
  return job;
}

Result<std::vector<Job>> JobStore::jobs(const JobPage& page, const Viewer& viewer) {
  const auto [created_at, job_id] = page.after.value_or(std::pair(INT64_MAX, std::string()));
  return read_jobs(database_.read(
      std::format("SELECT {} FROM jobs WHERE (created_at < $1 OR (created_at = $2 AND job_id < "
                  "$3)) AND ($4 = '' OR state = $5) AND ($6 = 1 OR owner = '' OR owner = $7) ORDER "
                  "BY created_at DESC, "
                  "job_id DESC LIMIT $8",
                  job_columns),
      {created_at, created_at, job_id, page.state, page.state, std::int64_t{viewer.sees_all},
       viewer.owner, std::int64_t{page.limit}}));
}

Result<Job> JobStore::cancel(const std::string& job_id, const Viewer& viewer) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  Result<std::optional<Job>> job;
  auto written = database_.write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock(jobs_lock); !locked) return locked;
    job = find(transaction, job_id);
    if (!job || !*job) return job ? Result<void>() : std::unexpected(job.error());
    if (!viewer.may_see((*job)->viewer.owner)) {
      job->reset();
      return {};
    }
    auto ending = end_jobs(transaction, "cancelled", {}, *now,
                           "job_id = $8 AND state IN ('queued', 'running')", {job_id});
    if (!ending) return std::unexpected(ending.error());
    job = find(transaction, job_id);
    return job ? Result<void>() : std::unexpected(job.error());
  });
  if (!written) return std::unexpected(written.error());
  return there_is(std::move(job));
}

Result<std::optional<Job>> JobStore::claim() {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  constexpr std::string_view next =
      "FROM jobs WHERE state = 'queued' AND not_before <= {} ORDER BY created_at, job_id LIMIT 1";
  auto waiting = database_.read("SELECT job_id " + std::format(next, "$1"), {*now});
  if (!waiting) return std::unexpected(waiting.error());
  if (waiting->empty()) return std::nullopt;
  std::optional<Job> job;
  auto written = database_.write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock(jobs_lock); !locked) return locked;
    auto claimed = read_one(transaction.run(
        std::format("UPDATE jobs SET state = 'running', started_at = $1, process_id = $2, "
                    "lease_until = $3, attempts = attempts + 1, frames_done = 0, frames_expected = "
                    "0 WHERE job_id = (SELECT job_id {}) RETURNING {}",
                    std::format(next, "$4"), job_columns),
        {*now, process_id_, *now + lease_ms, *now}));
    if (!claimed) return std::unexpected(claimed.error());
    job = *std::move(claimed);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return job;
}

Result<void> JobStore::recover(bool all) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  const std::int64_t overdue = all ? INT64_MAX : *now;
  auto lost = database_.read(
      "SELECT 1 FROM jobs WHERE state = 'running' AND lease_until < $1 LIMIT 1", {overdue});
  if (!lost || lost->empty()) return done(std::move(lost));
  const JobEnd interrupted{
      .is_well = false,
      .status = 500,
      .reply = json_text(json::object{
          {"detail", std::format("the service ended {} times while it did this job: ask for less, "
                                 "or see its log",
                                 most_begins)}}),
      .error_name = "interrupted",
      .made = {}};
  return database_.write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock(jobs_lock); !locked) return locked;
    auto failed = end_jobs(transaction, "failed", interrupted, *now,
                           "state = 'running' AND lease_until < $8 AND attempts >= $9",
                           {overdue, most_begins});
    if (!failed) return std::unexpected(failed.error());
    return done(transaction.run(
        "UPDATE jobs SET state = 'queued', process_id = '' WHERE state = 'running' AND lease_until "
        "< $1",
        {overdue}));
  });
}

Result<bool> JobStore::renew(const Job& job) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  bool is_ours = false;
  auto written = database_.write([&](Transaction& transaction) -> Result<void> {
    auto rows = transaction.run(
        "UPDATE jobs SET lease_until = $1, frames_done = $2, frames_expected = $3 WHERE job_id = "
        "$4 AND state = 'running' AND process_id = $5 AND attempts = $6 RETURNING job_id",
        {*now + lease_ms, job.frames_done, job.frames_expected, job.job_id, process_id_,
         job.attempts});
    if (!rows) return std::unexpected(rows.error());
    is_ours = !rows->empty();
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return is_ours;
}

Result<bool> JobStore::finish(const Job& job, const JobEnd& end) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  bool is_ours = false;
  auto written = database_.write([&](Transaction& transaction) -> Result<void> {
    auto finished =
        end_jobs(transaction, end.is_well ? "done" : "failed", end, *now,
                 "job_id = $8 AND state = 'running' AND process_id = $9 AND attempts = $10",
                 {job.job_id, process_id_, job.attempts});
    if (!finished) return std::unexpected(finished.error());
    is_ours = !finished->empty();
    if (!is_ours) return {};
    auto counted =
        transaction.run("UPDATE jobs SET frames_done = $1, frames_expected = $2 WHERE job_id = $3",
                        {job.frames_done, job.frames_expected, job.job_id});
    if (!counted) return std::unexpected(counted.error());
    return insert_renders(transaction, end.made, job.viewer);
  });
  if (!written) return std::unexpected(written.error());
  return is_ours;
}

Result<void> JobStore::give_back(const Job& job, std::int64_t wait_ms) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  return database_.write([&](Transaction& transaction) {
    return done(transaction.run(
        "UPDATE jobs SET state = 'queued', process_id = '', not_before = $1, attempts = attempts - "
        "1, frames_done = 0, frames_expected = 0 WHERE job_id = $2 AND state = 'running' AND "
        "process_id = $3 AND attempts = $4",
        {*now + wait_ms, job.job_id, process_id_, job.attempts}));
  });
}

// --- webhooks -----------------------------------------------------------------------

Result<std::optional<Job>> JobStore::claim_webhook(std::int64_t patience_ms) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  constexpr std::string_view next =
      "FROM jobs WHERE webhook_state = 'due' AND webhook_not_before <= {} ORDER BY "
      "webhook_not_before LIMIT 1";
  auto due = database_.read("SELECT job_id " + std::format(next, "$1"), {*now});
  if (!due) return std::unexpected(due.error());
  if (due->empty()) return std::nullopt;
  std::optional<Job> job;
  auto written = database_.write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock(jobs_lock); !locked) return locked;
    auto claimed = read_one(transaction.run(
        std::format("UPDATE jobs SET webhook_attempts = webhook_attempts + 1, webhook_not_before "
                    "= $1 WHERE job_id = (SELECT job_id {}) RETURNING {}",
                    std::format(next, "$2"), job_columns),
        {*now + patience_ms, *now}));
    if (!claimed) return std::unexpected(claimed.error());
    job = *std::move(claimed);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return job;
}

Result<void> JobStore::note_webhook(const Job& job, const std::string& error,
                                    std::optional<std::int64_t> wait_ms) {
  const auto now = now_ms();
  if (!now) return std::unexpected(now.error());
  const std::string state = error.empty() ? "delivered" : wait_ms ? "due" : "failed";
  return database_.write([&](Transaction& transaction) {
    return done(transaction.run(
        "UPDATE jobs SET webhook_state = $1, webhook_error = $2, webhook_not_before = $3 WHERE "
        "job_id = $4",
        {state, error, *now + wait_ms.value_or(0), job.job_id}));
  });
}

Result<void> JobStore::forget(std::int64_t before_ms) {
  return database_.write([&](Transaction& transaction) {
    return done(transaction.run(
        "DELETE FROM jobs WHERE ended_at > 0 AND ended_at < $1 AND webhook_state <> 'due'",
        {before_ms}));
  });
}

}  // namespace vivavox
