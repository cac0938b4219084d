#include "server/service/webhook_sender.h"

#include <array>
#include <chrono>

#include "server/json_text.h"
#include "server/service/jobs.h"

namespace vivavox {

namespace {

constexpr std::chrono::milliseconds beat{500};
/// Longer than a call can take.
constexpr std::int64_t call_ms = 60'000;
/// Until it is sent again, after each attempt; after the last it is given up.
constexpr std::array<std::int64_t, 6> waits_ms{2'000,   10'000,    60'000,
                                               300'000, 1'800'000, 7'200'000};

}  // namespace

WebhookSender::WebhookSender(JobStore& store, const Webhooks& webhooks, Log& log)
    : store_(store), webhooks_(webhooks), log_(log) {}

WebhookSender::~WebhookSender() {
  join();
}

void WebhookSender::start() {
  thread_ = std::thread([this] { send(); });
}

void WebhookSender::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void WebhookSender::join() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void WebhookSender::send() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto job = store_.claim_webhook(call_ms);
    const bool is_there = job && *job;
    if (is_there) call(**job);
    lock.lock();
    if (!stopping_ && !is_there) changed_.wait_for(lock, beat);
  }
}

void WebhookSender::call(const Job& job) {
  const std::int64_t time_s = now_ms() / 1000;
  const auto taken =
      webhooks_.call(job.webhook_url, "job_" + job.job_id, json_text(to_json(job, true)), time_s);
  const auto attempt = static_cast<std::size_t>(job.webhook_attempts);
  // Where it may not be called it never may.
  const bool is_hopeless = !taken && taken.error().code != ErrorCode::unavailable;
  std::optional<std::int64_t> wait_ms;
  if (!taken && !is_hopeless && attempt <= waits_ms.size()) wait_ms = waits_ms[attempt - 1];
  const std::string error = taken ? "" : taken.error().message;
  if (!taken && !wait_ms) {
    log_.write(LogLevel::warning, "a webhook is given up",
               {{"job_id", job.job_id}, {"what", error}});
  }
  // Not noted, it is sent again.
  std::ignore = store_.note_webhook(job, error, wait_ms);
}

}  // namespace vivavox
