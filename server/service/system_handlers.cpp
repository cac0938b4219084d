// The service about itself: health, versions, documents, metrics.
#include "server/http/page_policy.h"
#include "server/installation.h"
#include "server/service/files_of_service.h"
#include "server/service/models.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

constexpr const char* service_name = "vivavox";
constexpr const char* description =
    "Vivavox turns text into a talking face: speech, lips, pictures and videos over HTTP.";

constexpr int most_listed = 1000;

std::string now_text() {
  return iso_time(std::chrono::system_clock::now());
}

/// Readiness: 503 while the database is away, so that a proxy goes elsewhere.
Reply get_health(Service& service) {
  const auto database = service.store.database().check();
  // Built by hand: it is asked for often, and most of it never changes.
  Reply reply{.status = database ? 200 : 503};
  reply.body = std::string(R"({"status":")") + (database ? "healthy" : "unhealthy") +
               R"(","service":")" + service_name +
               R"(","version":")" VIVAVOX_VERSION R"(","timestamp":")" + now_text() +
               R"(","components":{"api":"healthy","database":)" +
               (database ? R"("healthy")" : R"("unavailable")") + R"(,"renderer":)" +
               json::serialize(json::string(service.studio.condition())) + R"(,"speech":)" +
               json::serialize(json::string(service.voices.condition())) + "}}";
  if (!database) reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

Reply get_status(Service& service, const Viewer& viewer) {
  const auto counts = service.store.counts(viewer);
  if (!counts) return problem(counts.error());
  const auto models = available_models(service, viewer, {.limit = most_listed});
  if (!models) return problem(models.error());
  const std::chrono::duration<double> uptime = std::chrono::steady_clock::now() - service.started;
  return json_reply({{"renderer", service.studio.figures()},
                     {"assets", counts->assets},
                     {"models", models->entries.size()},
                     {"avatars", counts->avatars},
                     {"sessions", counts->sessions},
                     {"presets", counts->presets},
                     {"renders", counts->renders},
                     {"audios", counts->audios},
                     {"streams", service.hub.stream_count()},
                     {"uptime_s", uptime.count()}});
}

Reply get_version() {
  return json_reply({{"service", service_name},
                     {"version", VIVAVOX_VERSION},
                     {"api", built_in_api().document.at("info").at("version")}});
}

json::object info() {
  json::array endpoints;
  for (const Operation& operation : built_in_api().operations) {
    endpoints.push_back(
        {{"method", operation.method}, {"path", operation.path}, {"summary", operation.summary}});
  }
  return {{"service", service_name},    {"version", VIVAVOX_VERSION},
          {"description", description}, {"docs", "/docs"},
          {"openapi", "/openapi.json"}, {"endpoints", std::move(endpoints)}};
}

/// The web app; its description for those who ask for JSON, or where no app is.
Reply get_root(Service& service, const Call& call) {
  const std::string accept = call.request.get_header_value("Accept");
  const bool wants_json =
      accept.find("application/json") != accept.npos && accept.find("text/html") == accept.npos;
  const auto page = resolve_below(service.settings.root, "index.html");
  Reply reply = wants_json || !page ? json_reply(info())
                                    : page_file_reply(service, *page, "text/html; charset=utf-8");
  reply.headers.emplace_back("Vary", "Accept");
  return reply;
}

constexpr std::string_view docs_page = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Vivavox API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({url: '/openapi.json', dom_id: '#api', deepLinking: true});</script>
</html>
)";

Reply get_docs_file(Service& service, const Call& call) {
  const auto path = resolve_below(installation().api_pages, call.path("path"));
  if (!path) {
    return problem(404, "there is no such file: the API's pages come with npm's swagger-ui-dist");
  }
  return page_file_reply(service, *path, mime_type_of_name(call.path("path")));
}

}  // namespace

void add_system_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("getHealth", [&](const Call&) { return get_health(service); });
  http.handle("getLiveness", [](const Call&) { return json_reply({{"status", "alive"}}); });
  http.handle("getStatus",
              [&](const Call& call) { return get_status(service, call.caller.viewer); });
  http.handle("getVersion", [](const Call&) { return get_version(); });
  http.handle("getApiVersion", [](const Call&) { return get_version(); });
  http.handle("getInfo", [](const Call&) { return json_reply(info()); });
  http.handle("getApiInfo", [](const Call&) { return json_reply(info()); });
  http.handle("getRoot", [&](const Call& call) { return get_root(service, call); });
  http.handle("getDocs", [](const Call&) {
    return Reply{.body = std::string(docs_page),
                 .content_type = "text/html; charset=utf-8",
                 .headers = {{"Content-Security-Policy", page_policy(docs_page)}}};
  });
  http.handle("getDocsFile", [&](const Call& call) { return get_docs_file(service, call); });
  http.handle("getOpenApi", [](const Call&) { return Reply{.body = built_in_api().text}; });
  http.handle("getMetrics", [&](const Call&) {
    return Reply{.body = service.http.metrics().print(),
                 .content_type = "text/plain; version=0.0.4; charset=utf-8"};
  });
}

}  // namespace vivavox
