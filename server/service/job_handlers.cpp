// Jobs as clients ask for them, look at them and cancel them.
#include "server/service/jobs.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

std::string job_url(const Job& job) {
  return "/api/v1/jobs/" + job.job_id;
}

/// What a job is to do: an operation that is offered, and a body that it takes.
struct Wish {
  std::string operation;
  json::value body;
};
std::optional<Wish> wish_of(const Service& service, const Call& call,
                            std::vector<Violation>& violations) {
  Wish wish{*call.body.text("operation"), *call.body.any("body")};
  // The document's enum names those that are offered.
  const Schema& schema = *service.jobs.offered(wish.operation)->body;
  schema.drop_unknown(wish.body);
  schema.check(wish.body, {"body", "body"}, violations);
  return violations.empty() ? std::optional(std::move(wish)) : std::nullopt;
}

Reply create_job(Service& service, const Call& call) {
  std::vector<Violation> violations;
  const auto wish = wish_of(service, call, violations);
  if (!wish) return {.status = 422, .body = json_text(to_json(violations))};
  // A token that is for some avatars is for these alone as jobs too.
  if (auto covered = check_token_for(call, text_of(wish->body, "avatar_id").value_or("default"));
      !covered) {
    return problem(covered.error());
  }
  const std::string webhook_url = call.body.text("webhook_url").value_or("");
  if (!webhook_url.empty()) {
    if (auto admitted = service.webhooks.admit(webhook_url); !admitted) {
      return problem(admitted.error());
    }
  }
  const auto job = service.job_store.add({.job_id = call.new_id(16),
                                          .viewer = call.caller.viewer,
                                          .operation = wish->operation,
                                          .body = json_text(wish->body),
                                          .webhook_url = webhook_url},
                                         service.settings.max_jobs);
  if (!job) return problem(job.error());
  service.jobs.wake();
  Reply reply = json_reply(to_json(*job, true));
  reply.status = 202;
  reply.headers.emplace_back("Location", job_url(*job));
  return reply;
}

Reply list_jobs(Service& service, const Call& call) {
  const auto asked = page_of(call, "jobs");
  if (!asked) return asked.error();
  // One more tells whether there is a next page.
  JobPage page{.state = call.query.text("state").value_or(""), .limit = asked->limit + 1};
  if (asked->after) page.after = std::pair(asked->after->at, asked->after->id);
  auto jobs = service.job_store.jobs(page, call.caller.viewer);
  if (!jobs) return problem(jobs.error());
  std::optional<ListPlace> next;
  if (std::ssize(*jobs) > asked->limit) {
    jobs->pop_back();
    next = ListPlace{jobs->back().created_at, jobs->back().job_id};
  }
  json::array list;
  for (const Job& job : *jobs) list.push_back(to_json(job, false));
  return page_reply(call, "jobs", std::move(list), next);
}

Reply get_job(Service& service, const Call& call) {
  const auto job = service.job_store.job(call.path("job_id"), call.caller.viewer);
  return job ? json_reply(to_json(*job, true)) : problem(job.error());
}

Reply cancel_job(Service& service, const Call& call) {
  const auto job = service.job_store.cancel(call.path("job_id"), call.caller.viewer);
  if (!job) return problem(job.error());
  service.jobs.withdraw(job->job_id);
  return json_reply(to_json(*job, true));
}

}  // namespace

void add_job_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("createJob", [&](const Call& call) { return create_job(service, call); });
  http.handle("listJobs", [&](const Call& call) { return list_jobs(service, call); });
  http.handle("getJob", [&](const Call& call) { return get_job(service, call); });
  http.handle("cancelJob", [&](const Call& call) { return cancel_job(service, call); });
}

}  // namespace vivavox
