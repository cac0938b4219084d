#include "server/service/jobs.h"

#include <algorithm>
#include <chrono>

#include "server/json_text.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// So often a process looks for jobs that others have left to be done, and tells that
/// it lives.
constexpr std::chrono::milliseconds beat{500};
/// A job for which there is no room waits so long, and gives up after an hour.
constexpr std::int64_t room_wait_ms = 5000, longest_room_wait_ms = 3600 * 1000;

json::value time_or_null(std::int64_t ms) {
  return ms > 0 ? json::value(time_text(ms)) : json::value();
}

json::value error_of(const Job& job) {
  if (job.state != "failed") return {};
  json::object error{{"name", job.error_name}, {"status", job.status}};
  for (const auto& [key, value] : json::parse(job.reply).as_object()) {
    error.insert_or_assign(key, value);
  }
  return error;
}

json::value webhook_of(const Job& job) {
  if (job.webhook_url.empty()) return {};
  json::object webhook{{"url", job.webhook_url},
                       {"state", job.webhook_state},
                       {"attempts", job.webhook_attempts},
                       {"error", nullptr}};
  if (!job.webhook_error.empty()) webhook["error"] = job.webhook_error;
  return webhook;
}

std::string_view name_of(const Reply& reply) {
  return reply.error_name.empty() ? std::string_view("failed") : reply.error_name;
}

}  // namespace

json::object to_json(const Job& job, bool whole) {
  json::object shown{
      {"job_id", job.job_id},
      {"operation", job.operation},
      {"state", job.state},
      {"progress",
       {{"frames_done", job.frames_done},
        {"frames_expected",
         job.frames_expected > 0 ? json::value(job.frames_expected) : json::value()}}},
      {"created_at", time_text(job.created_at)},
      {"started_at", time_or_null(job.started_at)},
      {"ended_at", time_or_null(job.ended_at)},
      {"error", error_of(job)},
      {"webhook", webhook_of(job)}};
  if (!whole) return shown;
  json::array urls;
  for (const std::string& file : job.files) urls.emplace_back("/renders/" + file);
  shown["urls"] = std::move(urls);
  shown["result"] = job.state == "done" ? json::parse(job.reply) : json::value();
  return shown;
}

Jobs::Jobs(JobStore& store, const FileStore& renders, Log& log,
           std::function<void(std::span<const Render>)> on_made)
    : store_(store), renders_(renders), log_(log), on_made_(std::move(on_made)) {}

Jobs::~Jobs() {
  join();
}

void Jobs::offer(const std::string& operation_id, Work work) {
  const auto& operations = built_in_api().operations;
  const auto operation = std::ranges::find(operations, operation_id, &Operation::id);
  offered_.emplace(operation_id, std::pair(&*operation, std::move(work)));
}

const Operation* Jobs::offered(const std::string& operation_id) const {
  const auto found = offered_.find(operation_id);
  return found == offered_.end() ? nullptr : found->second.first;
}

void Jobs::start(int workers) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  threads_.emplace_back([this] { keep(); });
}

void Jobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void Jobs::join() {
  stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Jobs::wake() {
  changed_.notify_all();
}

void Jobs::withdraw(const std::string& job_id, std::optional<std::int64_t> attempt) {
  const std::lock_guard lock(mutex_);
  for (Running* one : running_) {
    if (one->job->job_id == job_id && one->job->attempts == attempt.value_or(one->job->attempts)) {
      one->is_withdrawn = true;
    }
  }
}

void Jobs::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    // Where the database is away, somebody else says so.
    auto job = store_.claim();
    const bool is_there = job && *job;
    if (is_there) run(**std::move(job));
    lock.lock();
    if (!stopping_ && !is_there) changed_.wait_for(lock, beat);
  }
}

/// Tells how far the jobs are and that they go on, and hears which of them are not
/// wanted any more.
void Jobs::keep() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    std::vector<Job> running;
    for (const Running* one : running_) {
      running.push_back(*one->job);
      running.back().frames_done = one->work.frames.done;
      running.back().frames_expected = one->work.frames.expected;
    }
    lock.unlock();
    for (const Job& job : running) {
      const auto is_ours = store_.renew(job);
      if (is_ours && !*is_ours) withdraw(job.job_id, job.attempts);
    }
    std::ignore = store_.recover(false);
    lock.lock();
    changed_.wait_for(lock, beat, [this] { return stopping_.load(); });
  }
}

void Jobs::run(Job job) {
  Running running{.job = &job, .work = {}};
  {
    const std::lock_guard lock(mutex_);
    running_.push_back(&running);
  }
  ++running_count_;
  const Reply reply = carry_out(job, running);
  {
    const std::lock_guard lock(mutex_);
    std::erase(running_, &running);
  }
  --running_count_;
  job.frames_done = running.work.frames.done;
  job.frames_expected = running.work.frames.expected;
  std::vector<Render> made = std::move(running.work.made);
  const bool is_well = reply.status < 400;
  const bool has_no_room = reply.error_name == error_name(ErrorCode::unavailable);
  if (running.is_withdrawn) {
    discard(made);
  } else if (!is_well && stopping_) {
    discard(made);
    std::ignore = store_.give_back(job, 0);
  } else if (has_no_room && now_ms() - job.created_at < longest_room_wait_ms) {
    discard(made);
    std::ignore = store_.give_back(job, room_wait_ms);
  } else {
    end(job, reply, std::move(made));
  }
}

Reply Jobs::carry_out(const Job& job, Running& running) {
  const auto found = offered_.find(job.operation);
  if (found == offered_.end()) {
    return problem(Error{ErrorCode::invalid_argument, "this version has no " + job.operation});
  }
  const auto& [operation, work] = found->second;
  const httplib::Request request;
  const std::vector<std::pair<std::string, std::string>> no_path_values;
  try {
    return work({.operation = *operation,
                 .request = request,
                 .path_values = no_path_values,
                 .query = {},
                 .body = json::parse(job.body),
                 .caller = {.scope = Scope::write,
                            .viewer = job.viewer,
                            .key = nullptr,
                            .grant = {},
                            .expires_at_s = {}},
                 .objection = [&]() -> const char* {
                   if (running.is_withdrawn) return "the job is cancelled";
                   return stopping_ ? "the service is shutting down" : nullptr;
                 },
                 .job = &running.work});
  } catch (const std::exception& error) {
    Reply reply = problem(500, "the service failed at this job; its log says why");
    reply.cause = error.what();
    return reply;
  }
}

void Jobs::end(const Job& job, const Reply& reply, std::vector<Render> made) {
  if (!reply.cause.empty()) complain("a job failed", job, reply.cause);
  const bool is_well = reply.status < 400;
  const JobEnd end{.is_well = is_well,
                   .status = reply.status,
                   .reply = reply.body,
                   .error_name = is_well ? "" : std::string(name_of(reply)),
                   .made = std::move(made)};
  const auto ended = store_.finish(job, end);
  if (ended && *ended) {
    on_made_(end.made);
  } else if (ended) {
    discard(end.made);
  } else {
    // The end may have been noted all the same, so what was made stays; else it is swept,
    // and the job done again once the lease has run out.
    complain("a job's end could not be noted", job, ended.error().message);
  }
}

void Jobs::discard(const std::vector<Render>& made) const {
  std::vector<std::string> names;
  for (const Render& one : made) names.push_back(one.file_path);
  renders_.remove(names);
}

void Jobs::complain(std::string_view what, const Job& job, std::string_view why) {
  log_.write(LogLevel::error, what,
             {{"job_id", job.job_id}, {"operation", job.operation}, {"what", why}});
}

}  // namespace vivavox
