// Tells those who asked for it that a job has ended.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "server/http/log.h"
#include "server/service/webhook.h"
#include "server/store/job_store.h"

namespace vivavox {

/// Calls the webhooks of jobs that have ended, one after another; one that is not taken
/// is sent again, ever more rarely, and given up after some hours. What a process leaves
/// undone another one, or its next start, does: a call may come twice, under the same id.
class WebhookSender {
 public:
  WebhookSender(JobStore& store, const Webhooks& webhooks, Log& log);
  ~WebhookSender();

  void start();
  /// Returns at once.
  void stop();
  /// Returns when nothing of it runs any more.
  void join();

 private:
  void send();
  void call(const Job& job);

  JobStore& store_;
  const Webhooks& webhooks_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace vivavox
