// For both databases, as store_test.cpp.
#include "server/store/job_store.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <thread>

#include "server/store/opened_store.h"

using namespace vivavox;

namespace {

constexpr std::int64_t many = 1'000'000;

Job fresh_job(const std::string& webhook_url = "") {
  return {.job_id = random_hex(16),
          .viewer = {.owner = "somebody"},
          .operation = "render",
          .body = "{}",
          .state = {},
          .reply = {},
          .error_name = {},
          .files = {},
          .webhook_url = webhook_url,
          .webhook_state = {},
          .webhook_error = {}};
}

Render render_of(const std::string& file) {
  return {.frame_id = fresh("frame"),
          .avatar_id = "default",
          .prompt = {},
          .format = "png",
          .file_path = file,
          .file_size = 1,
          .request_hash = {},
          .created_at = now_ms()};
}

/// Ends what other tests have left.
void drain(JobStore& jobs) {
  REQUIRE(jobs.recover(true));
  for (auto job = jobs.claim(); *job; job = jobs.claim())
    REQUIRE(jobs.cancel((*job)->job_id, everything));
}

}  // namespace

TEST_CASE("a job is claimed once, and ends with what was made") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database()), others(store->database());
  drain(jobs);
  const auto added = jobs.add(fresh_job(), many);
  REQUIRE(added);
  CHECK(added->state == "queued");
  const auto claimed = jobs.claim();
  REQUIRE((claimed && *claimed));
  CHECK((*claimed)->job_id == added->job_id);
  CHECK((*claimed)->attempts == 1);
  CHECK(!*others.claim());
  Job job = **claimed;
  job.frames_done = 3;
  job.frames_expected = 5;
  CHECK(*jobs.renew(job));
  CHECK(!*others.renew(job));
  CHECK(jobs.job(job.job_id, everything)->frames_done == 3);
  CHECK(!*others.finish(job, {.is_well = true, .reply = "{}", .error_name = {}, .made = {}}));
  const std::string file = fresh("file");
  CHECK(*jobs.finish(job, {.is_well = true,
                           .status = 200,
                           .reply = "{}",
                           .error_name = {},
                           .made = {render_of(file)}}));
  const auto done = jobs.job(job.job_id, everything);
  CHECK(done->state == "done");
  CHECK(done->files == std::vector{file});
  CHECK(done->body.empty());
  CHECK(done->ended_at >= done->started_at);
  const auto renders = store->renders({.avatar_id = {}, .limit = 1}, everything);
  CHECK(renders->entries.front().file_path == file);
}

TEST_CASE("many claim at once, and each job is one's") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  for (int i = 0; i < 24; ++i) REQUIRE(jobs.add(fresh_job(), many));
  std::mutex mutex;
  std::vector<std::string> claimed;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        JobStore own(store->database());
        for (auto job = own.claim(); job && *job; job = own.claim()) {
          const std::lock_guard lock(mutex);
          claimed.push_back((*job)->job_id);
        }
      });
    }
  }
  CHECK(claimed.size() == 24);
  std::ranges::sort(claimed);
  CHECK(std::ranges::adjacent_find(claimed) == claimed.end());
}

TEST_CASE("a job whose process is no more is done again, but not for ever") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  const std::string id = jobs.add(fresh_job(), many)->job_id;
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const auto job = jobs.claim();
    REQUIRE((job && *job));
    CHECK((*job)->attempts == attempt);
    REQUIRE(jobs.recover(false));
    CHECK(*jobs.renew(**job));
    REQUIRE(jobs.recover(true));
    CHECK(!*jobs.renew(**job));
    CHECK(
        !*jobs.finish(**job, {.reply = {}, .error_name = {}, .made = {render_of(fresh("file"))}}));
  }
  const auto failed = jobs.job(id, everything);
  CHECK(failed->state == "failed");
  CHECK(failed->error_name == "interrupted");
  CHECK(!*jobs.claim());
}

TEST_CASE("a job that is given back waits, and the attempt does not count") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  const std::string id = jobs.add(fresh_job(), many)->job_id;
  for (int i = 0; i < 5; ++i) {
    const auto job = jobs.claim();
    REQUIRE((job && *job));
    REQUIRE(jobs.give_back(**job, 0));
  }
  const auto job = jobs.claim();
  CHECK((*job)->attempts == 1);
  REQUIRE(jobs.give_back(**job, 3600 * 1000));
  CHECK(!*jobs.claim());
  CHECK(jobs.cancel(id, everything)->state == "cancelled");
}

TEST_CASE("a cancelled job is nobody's, and one that has ended stays as it is") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  const std::string waiting = jobs.add(fresh_job(), many)->job_id;
  CHECK(jobs.cancel(waiting, everything)->state == "cancelled");
  CHECK(!*jobs.claim());
  REQUIRE(jobs.add(fresh_job(), many));
  const auto job = jobs.claim();
  CHECK(jobs.cancel((*job)->job_id, everything)->state == "cancelled");
  CHECK(!*jobs.renew(**job));
  CHECK(!*jobs.finish(**job, {.is_well = true, .reply = "{}", .error_name = {}, .made = {}}));
  REQUIRE(jobs.add(fresh_job(), many));
  const auto other = jobs.claim();
  REQUIRE(*jobs.finish(**other, {.is_well = true, .reply = "{}", .error_name = {}, .made = {}}));
  CHECK(jobs.cancel((*other)->job_id, everything)->state == "done");
  CHECK(jobs.cancel("nobody", everything).error().code == ErrorCode::not_found);
}

TEST_CASE("a job that is added again is there once, also where too many wait") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  const Job first = fresh_job();
  REQUIRE(jobs.add(first, many));
  REQUIRE(jobs.cancel(first.job_id, everything));
  CHECK(jobs.add(first, many)->state == "cancelled");
  REQUIRE(jobs.add(fresh_job(), many));
  REQUIRE(jobs.add(fresh_job(), many));
  CHECK(jobs.add(fresh_job(), 2).error().code == ErrorCode::unavailable);
  CHECK(jobs.add(first, 2)->job_id == first.job_id);
}

TEST_CASE("pages of jobs go on after the last one, whatever was added") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(jobs.add(fresh_job(), many)->job_id);
  const auto first = jobs.jobs({.state = "queued", .limit = 2}, everything);
  REQUIRE(first->size() == 2);
  // Jobs of one millisecond are ordered by their names: this one is later than all.
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  REQUIRE(jobs.add(fresh_job(), many));
  std::vector<std::string> seen{first->at(0).job_id, first->at(1).job_id};
  const auto rest = jobs.jobs(
      {.state = "queued", .limit = 100, .after = std::pair(first->at(1).created_at, seen.back())},
      everything);
  for (const Job& job : *rest) seen.push_back(job.job_id);
  std::ranges::sort(seen);
  std::ranges::sort(ids);
  CHECK(seen == ids);
}

TEST_CASE("a webhook is due when its job has ended, and claimed by one") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  JobStore jobs(store->database());
  drain(jobs);
  for (auto left = jobs.claim_webhook(1000); *left; left = jobs.claim_webhook(1000)) {
    REQUIRE(jobs.note_webhook(**left, "", {}));
  }
  const std::string id = jobs.add(fresh_job("https://a.example/"), many)->job_id;
  CHECK(jobs.job(id, everything)->webhook_state == "waiting");
  CHECK(!*jobs.claim_webhook(1000));
  REQUIRE(jobs.cancel(id, everything));
  const auto due = jobs.claim_webhook(60'000);
  REQUIRE((due && *due));
  CHECK((*due)->job_id == id);
  CHECK((*due)->webhook_attempts == 1);
  CHECK(!*jobs.claim_webhook(60'000));
  REQUIRE(jobs.note_webhook(**due, "it answered 500", 0));
  const auto again = jobs.claim_webhook(60'000);
  REQUIRE((again && *again));
  CHECK((*again)->webhook_attempts == 2);
  CHECK((*again)->webhook_error == "it answered 500");
  REQUIRE(jobs.forget(INT64_MAX));
  CHECK(jobs.job(id, everything));
  REQUIRE(jobs.note_webhook(**again, "", {}));
  CHECK(jobs.job(id, everything)->webhook_state == "delivered");
  REQUIRE(jobs.forget(INT64_MAX));
  CHECK(jobs.job(id, everything).error().code == ErrorCode::not_found);
}

TEST_CASE("renders that were not used the longest go first, and are known to be gone") {
  const Opened store(GENERATE("sqlite", "postgresql"));
  REQUIRE(store->trim_renders(0, 0, 0));
  std::vector<Render> renders;
  for (int i = 0; i < 4; ++i) {
    renders.push_back(render_of(fresh("file")));
    renders.back().created_at = now_ms() - 10'000 + i;
  }
  REQUIRE(store->add_renders(renders, everything));
  REQUIRE(store->note_renders_used(std::vector{renders[0].file_path}, now_ms()));
  const auto by_bytes = store->trim_renders(3, 100, 0);
  CHECK(by_bytes->renders == std::vector{renders[1].file_path});
  const auto by_count = store->trim_renders(100, 2, 0);
  CHECK(by_count->renders == std::vector{renders[2].file_path});
  const auto by_age = store->trim_renders(100, 100, now_ms() - 5000);
  CHECK(by_age->renders == std::vector{renders[3].file_path});
  for (int i = 0; i < 4; ++i) CHECK(*store->is_gone_render(renders[i].file_path) == (i > 0));
}
