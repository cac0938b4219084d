#include "server/http/response.h"

#include <algorithm>
#include <format>
#include <string_view>

#include "server/http/credentials.h"
#include "server/http/http_request.h"
#include "server/http/page_policy.h"

namespace vivavox {

namespace {

constexpr std::size_t file_part_bytes = 256 * 1024;

/// Sent with every answer. COOP and COEP: without them browsers refuse the
/// threads that WebAssembly uses.
constexpr std::string_view constant_headers =
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Embedder-Policy: require-corp\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: SAMEORIGIN\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(self), payment=(), usb=()\r\n";

/// A signed URL's file may be shown by any page; all else is for this server's own.
constexpr const char* resource_policy = "Cross-Origin-Resource-Policy";
constexpr const char* security_policy = "Content-Security-Policy";

}  // namespace

ssize_t write_headers(httplib::Stream& stream, const httplib::Headers& headers, bool tls) {
  std::string text(constant_headers);
  if (!headers.contains(security_policy)) {
    text += std::format("{}: {}\r\n", security_policy, file_policy);
  }
  if (!headers.contains(resource_policy)) text += "Cross-Origin-Resource-Policy: same-origin\r\n";
  if (tls) text += "Strict-Transport-Security: max-age=31536000\r\n";
  for (const auto& [name, value] : headers) ((((text += name) += ": ") += value) += "\r\n");
  text += "\r\n";
  return stream.write(text.data(), text.size());
}

void write_reply(Reply reply, const httplib::Request& request, const Answering& by,
                 httplib::Response& response) {
  for (auto& [name, value] : reply.headers) response.set_header(name, value);
  const auto origin = request.headers.find("Origin");
  if (origin != request.headers.end() && by.origins.allows(origin->second)) {
    response.set_header("Access-Control-Allow-Origin", origin->second);
    response.set_header("Vary", "Origin");
    response.set_header("Access-Control-Expose-Headers",
                        "ETag, Idempotency-Replayed, Location, RateLimit-Limit, "
                        "RateLimit-Remaining, RateLimit-Reset, "
                        "Retry-After, X-Request-Id");
    if (request.method == "OPTIONS" && !by.allowed.empty()) {
      response.set_header("Access-Control-Allow-Methods", by.allowed);
      response.set_header("Access-Control-Allow-Headers",
                          "Authorization, Content-Type, Content-Range, Idempotency-Key, If-Match, "
                          "X-API-Key");
      response.set_header("Access-Control-Max-Age", "600");
    }
  }
  if (reply.stream) {
    response.status = reply.status;
    response.set_chunked_content_provider(
        reply.content_type,
        [stream = std::move(reply.stream)](std::size_t, httplib::DataSink& sink) {
          const bool whole = stream(
              [&](std::string_view bytes) { return sink.write(bytes.data(), bytes.size()); });
          if (whole) sink.done();
          return whole;
        });
    return;
  }
  if (!reply.file && reply.status == 200 && response.has_header("ETag") && !has_body(request) &&
      request.method != "DELETE" &&
      matches_etag(request.get_header_value("If-None-Match"), response.get_header_value("ETag"))) {
    response.status = 304;
    return;
  }
  if (!reply.file) {
    response.status = reply.status;
    response.set_content(std::move(reply.body), reply.content_type);
    return;
  }
  const auto& file = reply.file;
  const std::string etag = file->etag();
  response.set_header("ETag", etag);
  // What needs a key is not for caches that others share.
  if (by.caller.expires_at_s && !by.caller.grant) {
    response.set_header(resource_policy, "cross-origin");
    response.set_header("Cache-Control",
                        std::format("private, max-age={}", *by.caller.expires_at_s - now_s()));
  } else {
    response.set_header("Cache-Control", file->cache_control(by.is_open));
  }
  response.set_header("Accept-Ranges", "bytes");
  if (matches_etag(request.get_header_value("If-None-Match"), etag)) {
    response.status = 304;
    return;
  }
  if (request.has_header("If-Range") && request.get_header_value("If-Range") != etag) {
    // cpp-httplib answers ranges by what stands in the request, which is its own
    // and only const to handlers.
    const_cast<httplib::Request&>(request).ranges.clear();
  }
  if (file->size_bytes() == 0) {
    response.status = 200;
    response.set_content("", file->content_type());
    return;
  }
  response.set_content_provider(
      file->size_bytes(), file->content_type(),
      [file](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        const std::string bytes = file->read(offset, std::min(length, file_part_bytes));
        return !bytes.empty() && sink.write(bytes.data(), bytes.size());
      });
}

}  // namespace vivavox
