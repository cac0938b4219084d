// The operations of the API over cpp-httplib: routing, validation, limits,
// keys, origins, logs and metrics, each once for all handlers.
#pragma once

#include <httplib.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/access.h"
#include "server/http/caller.h"
#include "server/http/connections.h"
#include "server/http/credentials.h"
#include "server/http/fields.h"
#include "server/http/id_source.h"
#include "server/http/log.h"
#include "server/http/metrics.h"
#include "server/http/openapi.h"
#include "server/http/rate_limiter.h"
#include "server/http/reply.h"
#include "server/http/router.h"
#include "server/work/gate.h"

namespace vivavox {

/// One part of a multipart/form-data body.
struct FormPart {
  std::string name;
  std::string filename;
  std::string content_type;
};

/// A body as it comes in, for handlers of raw bodies.
class BodyReader {
 public:
  BodyReader(const httplib::Request& request, const httplib::ContentReader& content)
      : request_(request), content_(content) {}

  bool is_multipart() const { return request_.is_multipart_form_data(); }

  /// Gives the body's bytes to `receive` as they arrive; `begin` is called before
  /// each part of a multipart body. Either ends the reading by returning false.
  /// Returns whether the whole body was read.
  bool read(const std::function<bool(const FormPart&)>& begin,
            const std::function<bool(std::string_view)>& receive) const;

  /// Has what is read from now on counted into digest().
  void take_digest() { digest_.emplace(); }
  /// Of the parts and bytes that were read. Ends the digest.
  std::string digest() const { return digest_->hex(); }

 private:
  const httplib::Request& request_;
  const httplib::ContentReader& content_;
  mutable std::optional<Sha256> digest_;
};

struct JobWork;

/// A request that was found valid, or a job that was asked for by one.
struct Call {
  const Operation& operation;
  const httplib::Request& request;
  const std::vector<std::pair<std::string, std::string>>& path_values;
  Fields query, body;                  ///< with defaults; none where the operation has none
  const BodyReader* reader = nullptr;  ///< where the operation takes a raw body
  const Caller& caller;
  /// Why nobody wants the answer any more, nullptr while somebody does.
  std::function<const char*()> objection = {};
  JobWork* job = nullptr;   ///< where the work is a job's
  IdSource* ids = nullptr;  ///< where it may be done again

  /// The value of a path parameter, decoded.
  const std::string& path(std::string_view name) const;

  /// An id of so many bytes for what is made for this call.
  std::string new_id(std::size_t bytes) const { return ids ? ids->next(bytes) : random_hex(bytes); }

  /// The If-Match header's list; empty where there is none.
  std::string if_match() const;
};

/// Whether the caller's token is good for an avatar that only a form names; what a
/// path, a query or JSON names was looked at before. Errors: forbidden.
Result<void> check_token_for(const Call& call, const std::string& avatar_id);

using Handler = std::function<Reply(const Call&)>;
/// Answers a call by its handler, or as it was answered before.
using RepeatHandler = std::function<Reply(Call&, const Handler&)>;
/// Runs for as long as the WebSocket is open.
using StreamHandler = std::function<void(const Call&, httplib::ws::WebSocket&)>;
/// Why a stream is not to be opened; nullopt: nothing speaks against it.
using StreamCheck = std::function<std::optional<Reply>(const Call&)>;

struct HttpSettings {
  std::string host = "127.0.0.1";
  int port = 8080;                                    ///< 0: any free one
  std::size_t max_body_bytes = std::size_t{4} << 20;  ///< of JSON bodies
  std::size_t max_file_bytes = 524288000;             ///< of raw bodies
  std::size_t max_connections = 1024;                 ///< on which something is said
  int max_requests_per_minute = 0;
  std::vector<std::string> trusted_proxies;  ///< whose X-Forwarded-For is believed
  std::string certificate_file, key_file;    ///< both given: TLS
  ApiKeys keys;
  Origins origins{""};
  Hosts hosts{"127.0.0.1", "", true};
  IsRevoked is_revoked;
};

class ConnectionServer;

class HttpServer {
 public:
  HttpServer(const Api& api, HttpSettings settings, Log& log);
  ~HttpServer();

  /// Every operation of the document needs exactly one handler.
  void handle(std::string_view operation_id, Handler handler);
  void handle_stream(std::string_view operation_id, StreamCheck check, StreamHandler handler);

  /// Answers requests with an Idempotency-Key, of operations that have one.
  void handle_repeats(RepeatHandler repeats) { repeats_ = std::move(repeats); }

  /// Answers GET of paths outside the API; nullopt: there is no such page.
  void handle_site(
      std::function<std::optional<Reply>(const httplib::Request&, std::string_view path)> site);

  /// Errors: invalid_argument (an operation without a handler), io_failed (the
  /// address is taken, the certificate cannot be read).
  Result<int> bind();

  /// Serves until stop(). What was accepted is answered first.
  void run();
  void stop();

  /// Connections on which something is said, and the others.
  std::size_t served_connections() const;
  std::size_t idle_connections() const;

  /// Cuts all connections off, whatever is said on them.
  void cut_connections() const { cut_connections_to(port_); }

  Metrics& metrics() { return metrics_; }
  const Router& router() const { return router_; }
  const ApiKeys& keys() const { return settings_.keys; }

 private:
  httplib::Server::HandlerResponse begin(const httplib::Request& request,
                                         httplib::Response& response);
  std::optional<Reply> refuse(const httplib::Request& request);
  std::optional<Reply> check_host(const httplib::Request& request) const;
  std::optional<Reply> check_origin(const httplib::Request& request) const;
  std::optional<Reply> refuse_stream(const httplib::Request& request) const;
  Reply answer(const httplib::Request& request, const httplib::ContentReader* content);
  Reply answer_without_route(const httplib::Request& request);
  void finish(const httplib::Request& request, httplib::Response& response);
  void apply(Reply reply, const httplib::Request& request, httplib::Response& response) const;
  void add_route_handlers();

  const Api& api_;
  HttpSettings settings_;
  Log& log_;
  Router router_;
  Metrics metrics_;
  RateLimiter limiter_;
  Gate large_bodies_{1, 256};
  std::unique_ptr<ConnectionServer> server_;  ///< once it is bound
  int port_ = 0;
  std::vector<Handler> handlers_;  ///< by the operation's index
  RepeatHandler repeats_;
  struct Stream {
    StreamCheck check;
    StreamHandler run;
  };
  std::map<std::string, Stream> streams_;
  std::function<std::optional<Reply>(const httplib::Request&, std::string_view)> site_;
};

}  // namespace vivavox
