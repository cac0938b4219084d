#include "server/http/http_server.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <format>
#include <span>
#include <thread>

#include "server/http/connection_server.h"
#include "server/http/credentials.h"
#include "server/http/http_request.h"
#include "server/http/response.h"
#include "server/http/trace_context.h"
#include "server/json_text.h"

namespace vivavox {

namespace json = boost::json;

namespace {

using HandlerResponse = httplib::Server::HandlerResponse;
using Clock = std::chrono::steady_clock;

constexpr std::size_t longest_path = 2048;
constexpr std::size_t large_body_bytes = 256 * 1024;
constexpr std::chrono::seconds large_body_patience{30};
/// So much more than is allowed is read before a connection is broken off: who
/// sends too much shall hear so.
constexpr std::size_t tolerated_bytes = std::size_t{64} << 20;

/// What is known of the request that this thread works on: cpp-httplib's hooks
/// share nothing else.
struct Current {
  Clock::time_point start{};
  std::string id;
  std::string client;  ///< its address
  Route route;
  std::optional<Allowance> allowance;  ///< nullopt: nothing limits it
  Caller caller;
};
thread_local Current current;

std::string next_request_id() {
  static const std::uint64_t start =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  static std::atomic<std::uint64_t> count = 0;
  return std::format("{:x}-{:x}", start & 0xFFFFFFFF, ++count);
}

/// Whether the handler reads the body itself: of those that take JSON too, what is none.
bool is_raw(const httplib::Request& request, const Operation& operation) {
  return operation.raw_body &&
         !(operation.body &&
           request.get_header_value("Content-Type").starts_with("application/json"));
}

/// Reads a JSON body into `text`; nullopt, or what to answer.
std::optional<Reply> read_text(const httplib::Request& request,
                               const httplib::ContentReader& content, std::size_t limit,
                               std::string& text) {
  if (request.is_multipart_form_data()) {
    return Reply{.status = 422,
                 .body = json_text(to_json(
                     {{{"body"}, "Input should be JSON, not a form", "model_attributes_type"}}))};
  }
  const auto too_large = [limit] {
    return problem(413, std::format("the body is larger than the {} bytes allowed", limit));
  };
  if (request.get_header_value_u64("Content-Length") > limit) return too_large();
  bool within = true;
  const bool whole = content([&](const char* bytes, std::size_t count) {
    within = text.size() + count <= limit;
    if (within) text.append(bytes, count);
    return within;
  });
  if (!within) return too_large();
  if (!whole) return problem(400, "the body could not be read to its end");
  return std::nullopt;
}

std::string what_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

}  // namespace

const std::string& Call::path(std::string_view name) const {
  return std::ranges::find(path_values, name, &std::pair<std::string, std::string>::first)->second;
}

std::string Call::if_match() const {
  // Without any tag in it, the header fits nothing.
  const std::string list = all_of(request, "If-Match");
  return list.empty() && request.has_header("If-Match") ? "," : list;
}

Result<void> check_token_for(const Call& call, const std::string& avatar_id) {
  const auto& grant = call.caller.grant;
  if (!grant || grant->covers(raw_path_of(call.request), std::span(&avatar_id, 1), {})) return {};
  return fail(ErrorCode::forbidden, "this token is for other avatars");
}

bool BodyReader::read(const std::function<bool(const FormPart&)>& begin,
                      const std::function<bool(std::string_view)>& receive) const {
  const auto on_bytes = [&](const char* bytes, std::size_t count) {
    if (digest_) digest_->add({bytes, count});
    return receive({bytes, count});
  };
  if (!is_multipart()) return content_(on_bytes);
  return content_(
      [&](const httplib::FormData& part) {
        if (digest_) {
          digest_->add(std::format("\r\n{}\r\n{}\r\n", part.name, part.filename));
        }
        return begin({part.name, part.filename, part.content_type});
      },
      on_bytes);
}

HttpServer::HttpServer(const Api& api, HttpSettings settings, Log& log)
    : api_(api),
      settings_(std::move(settings)),
      log_(log),
      router_(api),
      metrics_(api),
      limiter_(settings_.max_requests_per_minute),
      handlers_(api.operations.size()) {}

HttpServer::~HttpServer() = default;

void HttpServer::handle(std::string_view operation_id, Handler handler) {
  const auto found = std::ranges::find(api_.operations, operation_id, &Operation::id);
  if (found == api_.operations.end()) {
    throw std::invalid_argument("shared/openapi.json has no operation " +
                                std::string(operation_id));
  }
  handlers_[static_cast<std::size_t>(found - api_.operations.begin())] = std::move(handler);
}

void HttpServer::handle_stream(std::string_view operation_id, StreamCheck check,
                               StreamHandler handler) {
  const auto found = std::ranges::find(api_.operations, operation_id, &Operation::id);
  if (found == api_.operations.end() || !found->is_stream) {
    throw std::invalid_argument("shared/openapi.json has no stream " + std::string(operation_id));
  }
  const auto index = static_cast<std::size_t>(found - api_.operations.begin());
  streams_.emplace(operation_id, Stream{std::move(check), std::move(handler)});
  handlers_[index] = [](const Call&) {
    Reply reply = problem(426, "this is a WebSocket: connect with Upgrade: websocket");
    reply.headers.emplace_back("Upgrade", "websocket");
    return reply;
  };
}

void HttpServer::handle_site(
    std::function<std::optional<Reply>(const httplib::Request&, std::string_view)> site) {
  site_ = std::move(site);
}

Result<int> HttpServer::bind() {
  for (std::size_t i = 0; i < handlers_.size(); ++i) {
    if (!handlers_[i]) {
      return fail(ErrorCode::invalid_argument, "shared/openapi.json declares " +
                                                   api_.operations[i].id +
                                                   ", but no handler is registered for it");
    }
  }
  TlsContext tls;
  if (!settings_.certificate_file.empty()) {
    auto read = read_certificate(settings_.certificate_file, settings_.key_file);
    if (!read) return std::unexpected(read.error());
    tls = *std::move(read);
  }
  server_ = std::make_unique<ConnectionServer>(
      ConnectionLimits{.served = settings_.max_connections}, std::move(tls));
  server_->set_websocket_ping_interval(20);
  server_->set_payload_max_length(settings_.max_file_bytes + tolerated_bytes);
  server_->set_header_writer([tls = !settings_.certificate_file.empty()](
                                 httplib::Stream& stream, const httplib::Headers& headers) {
    return write_headers(stream, headers, tls);
  });
  add_route_handlers();
  auto port = server_->listen_on(settings_.host, settings_.port);
  if (port) port_ = *port;
  return port;
}

void HttpServer::add_route_handlers() {
  server_->set_pre_routing_handler(
      [this](const httplib::Request& request, httplib::Response& response) {
        return begin(request, response);
      });
  // Only valid operations with a body come this far.
  const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                const httplib::ContentReader& content) {
    apply(answer(request, &content), request, response);
  };
  server_->Post(".*", with_body).Put(".*", with_body).Patch(".*", with_body);
  server_->WebSocket(".*", [this](const httplib::Request& request, httplib::ws::WebSocket& socket) {
    const Current mine = current;
    CheckedInput input = check_query(*mine.route.operation, mine.route.path_values, request.params);
    if (!input.violations.empty()) {
      socket.close(httplib::ws::CloseStatus::PolicyViolation, input.violations.front().msg);
      return;
    }
    streams_.at(mine.route.operation->id)
        .run({.operation = *mine.route.operation,
              .request = request,
              .path_values = mine.route.path_values,
              .query = std::move(input.query),
              .body = {},
              .caller = mine.caller},
             socket);
  });
  server_->set_exception_handler([this](const httplib::Request& request,
                                        httplib::Response& response,
                                        const std::exception_ptr& thrown) {
    Reply reply = problem(500, "the service failed at this request; its log says why");
    reply.cause = what_of(thrown);
    apply(std::move(reply), request, response);
  });
  server_->set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (!response.body.empty()) return HandlerResponse::Unhandled;
    response.set_content(problem(response.status, httplib::status_message(response.status)).body,
                         "application/json");
    return HandlerResponse::Handled;
  });
  server_->set_post_routing_handler(
      [this](const httplib::Request& request, httplib::Response& response) {
        finish(request, response);
      });
}

/// As draft-ietf-httpapi-ratelimit-headers (06) has them.
void tell_allowance(int per_minute, const Allowance& allowance, httplib::Response& response) {
  response.set_header("RateLimit-Limit", std::format("{}, {};w=60", per_minute, per_minute));
  response.set_header("RateLimit-Remaining", std::to_string(allowance.remaining));
  response.set_header("RateLimit-Reset", std::to_string(allowance.full_s));
}

/// A request without a length has no body (RFC 9112, section 6.3), but cpp-httplib
/// would read on for it until the connection ends.
void settle_length(const httplib::Request& request) {
  if (request.has_header("Content-Length") || request.has_header("Transfer-Encoding")) return;
  const_cast<httplib::Request&>(request).headers.emplace("Content-Length", "0");
}

HandlerResponse HttpServer::begin(const httplib::Request& request, httplib::Response& response) {
  settle_length(request);
  current.start = Clock::now();
  current.id = next_request_id();
  current.client = client_address(request.remote_addr, all_of(request, "X-Forwarded-For"),
                                  settings_.trusted_proxies);
  current.allowance.reset();
  current.caller = {};
  current.route = router_.find(request.method, raw_path_of(request));
  const Operation* operation = current.route.operation;
  if (auto refusal = refuse(request)) {
    apply(std::move(*refusal), request, response);
    return HandlerResponse::Handled;
  }
  if (operation && operation->is_stream && is_upgrade(request)) {
    auto refusal = refuse_stream(request);
    if (!refusal) return HandlerResponse::Unhandled;
    apply(*std::move(refusal), request, response);
    return HandlerResponse::Handled;
  }
  if (operation && has_body(request)) return HandlerResponse::Unhandled;
  apply(answer(request, nullptr), request, response);
  return HandlerResponse::Handled;
}

std::optional<Reply> HttpServer::refuse(const httplib::Request& request) {
  // cpp-httplib matches paths by std::regex, whose recursion is as deep as the
  // path is long.
  if (request.target.size() > longest_path) {
    return problem(414, std::format("the URL is longer than {} bytes", longest_path));
  }
  if (auto refusal = check_host(request)) return refusal;
  if (auto refusal = check_origin(request)) return refusal;
  const Operation* operation = current.route.operation;
  if (!operation) return std::nullopt;
  if (!operation->unlimited && settings_.max_requests_per_minute > 0) {
    current.allowance = limiter_.take(current.client, current.start);
    if (const int wait_s = current.allowance->wait_s; wait_s > 0) {
      Reply reply = problem(429, std::format("more than {} requests a minute: wait {} s",
                                             settings_.max_requests_per_minute, wait_s));
      reply.headers.emplace_back("Retry-After", std::to_string(wait_s));
      return reply;
    }
  }
  auto caller = read_caller(request, *operation, settings_.keys, settings_.is_revoked);
  if (!caller) return std::move(caller.error());
  current.caller = *std::move(caller);
  return std::nullopt;
}

std::optional<Reply> HttpServer::check_host(const httplib::Request& request) const {
  const auto host = request.headers.find("Host");
  if (host != request.headers.end() && !settings_.hosts.allow(host->second)) {
    return problem(421, "this service does not go by that name: see ALLOWED_HOSTS");
  }
  // Without keys only this machine's programs may call, and a proxy brings others.
  if (!settings_.keys.empty()) return std::nullopt;
  for (const char* name : {"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host",
                           "X-Forwarded-Proto", "X-Real-IP"}) {
    if (request.has_header(name)) {
      return problem(403, "a service without API_KEYS is not to be reached through a proxy");
    }
  }
  return std::nullopt;
}

std::optional<Reply> HttpServer::check_origin(const httplib::Request& request) const {
  const Operation* operation = current.route.operation;
  const bool reads = !has_body(request) && request.method != "DELETE" && !is_upgrade(request) &&
                     !(operation && operation->scope >= Scope::write);
  if (reads) return std::nullopt;
  const auto origin = request.headers.find("Origin");
  const auto refusal = [] {
    return problem(403, "pages of this origin may not change anything here: see ALLOWED_ORIGINS");
  };
  if (origin == request.headers.end()) {
    // A picture or a link in somebody's page sends no Origin, but browsers tell whose it is.
    const std::string site = request.get_header_value("Sec-Fetch-Site");
    const bool is_foreign = site == "cross-site" || site == "same-site";
    return is_foreign && !settings_.origins.allows_any() ? std::optional(refusal()) : std::nullopt;
  }
  if (settings_.origins.allows(origin->second) ||
      Origins::is_same(origin->second, request.get_header_value("Host"))) {
    return std::nullopt;
  }
  return refusal();
}

std::optional<Reply> HttpServer::refuse_stream(const httplib::Request& request) const {
  const Route& route = current.route;
  CheckedInput input = check_query(*route.operation, route.path_values, request.params);
  if (!input.violations.empty()) return std::nullopt;
  if (auto refusal = check_grant(current.caller, route, input, raw_path_of(request))) {
    return refusal;
  }
  return streams_.at(route.operation->id)
      .check({.operation = *route.operation,
              .request = request,
              .path_values = route.path_values,
              .query = std::move(input.query),
              .body = {},
              .caller = current.caller});
}

Reply HttpServer::answer(const httplib::Request& request, const httplib::ContentReader* content) {
  const Route& route = current.route;
  if (!route.operation) return answer_without_route(request);
  const Operation& operation = *route.operation;
  CheckedInput input = check_query(operation, route.path_values, request.params);
  std::optional<BodyReader> reader;
  const auto objection = [is_closed = request.is_connection_closed] {
    return is_closed() ? "the client went away" : nullptr;
  };
  // What is made of a body takes many times its size.
  std::optional<Gate::Pass> turn;
  if (content && is_raw(request, operation)) {
    reader.emplace(request, *content);
  } else if (content && operation.body) {
    std::string text;
    if (auto refusal = read_text(request, *content, settings_.max_body_bytes, text))
      return *refusal;
    if (text.size() > large_body_bytes) {
      auto pass = large_bodies_.enter({"a large body's turn", large_body_patience, objection});
      if (!pass) return problem(pass.error());
      turn.emplace(*std::move(pass));
    }
    check_body(operation, text, input);
  }
  if (!input.violations.empty()) {
    return {.status = 422, .body = json_text(to_json(input.violations))};
  }
  if (auto refusal = check_grant(current.caller, route, input, raw_path_of(request))) {
    return *std::move(refusal);
  }
  Call call{.operation = operation,
            .request = request,
            .path_values = route.path_values,
            .query = std::move(input.query),
            .body = std::move(input.body),
            .reader = reader ? &*reader : nullptr,
            .caller = current.caller,
            .objection = objection};
  const Handler& handler = handlers_[route.index];
  const bool may_repeat = operation.repeatable && request.has_header("Idempotency-Key");
  if (may_repeat && reader) reader->take_digest();
  Reply reply = may_repeat ? repeats_(call, handler) : handler(call);
  if (turn) ::malloc_trim(0);
  return reply;
}

Reply HttpServer::answer_without_route(const httplib::Request& request) {
  const Route& route = current.route;
  if (!route.allowed.empty()) {
    const bool asks = request.method == "OPTIONS";
    Reply reply =
        asks ? Reply{.body = "{}"}
             : problem(405, request.method + " is not possible here, but " + route.allowed);
    reply.headers.emplace_back("Allow", route.allowed);
    return reply;
  }
  if (site_ && (request.method == "GET" || request.method == "HEAD")) {
    if (auto page = site_(request, raw_path_of(request))) return *std::move(page);
  }
  return problem(404, "there is nothing at this path: /docs lists what there is");
}

void HttpServer::apply(Reply reply, const httplib::Request& request,
                       httplib::Response& response) const {
  if (!reply.cause.empty()) {
    log_.write(LogLevel::error, "a request failed",
               {{"request_id", current.id}, {"what", reply.cause}});
  }
  write_reply(std::move(reply), request,
              {.origins = settings_.origins,
               .is_open = settings_.keys.empty(),
               .allowed = current.route.allowed,
               .caller = current.caller},
              response);
}

void HttpServer::finish(const httplib::Request& request, httplib::Response& response) {
  const bool began = current.start != Clock::time_point{};
  const auto latency = began ? Clock::now() - current.start : Clock::duration{};
  const bool known = began && current.route.operation;
  metrics_.count_request(known ? std::optional(current.route.index) : std::nullopt, response.status,
                         latency);
  if (began) response.set_header("X-Request-Id", current.id);
  if (began && current.allowance) {
    tell_allowance(settings_.max_requests_per_minute, *current.allowance, response);
  }
  if (log_.shows(LogLevel::info)) {
    const std::string traceparent = request.get_header_value("traceparent");
    const std::string_view trace = trace_id_of(traceparent);
    // Without the query, which may hold a key.
    log_.write_raw(
        LogLevel::info, "request",
        std::format(
            R"("request_id":"{}",{}"client":"{}","method":"{}","path":{},"status":{},"ms":{:.3f})",
            current.id, trace.empty() ? "" : std::format(R"("trace_id":"{}",)", trace),
            current.client, request.method, json::serialize(json::string(raw_path_of(request))),
            response.status, std::chrono::duration<double, std::milli>(latency).count()));
  }
  current.start = {};
}

void HttpServer::run() {
  server_->run();
}
void HttpServer::stop() {
  server_->end();
}
std::size_t HttpServer::served_connections() const {
  return server_->served_connections();
}
std::size_t HttpServer::idle_connections() const {
  return server_->idle_connections();
}

}  // namespace vivavox
