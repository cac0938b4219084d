#include "server/http/reply.h"

#include "server/http/schema.h"
#include "server/json_text.h"

namespace vivavox {

namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::forbidden:
      return 403;
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::storage_full:
      return 507;
    case ErrorCode::precondition_failed:
      return 412;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::too_large:
      return 413;
    case ErrorCode::unavailable:
    case ErrorCode::cancelled:
    case ErrorCode::renderer_unavailable:
      return 503;
    case ErrorCode::invalid_argument:
    case ErrorCode::invalid_text:
    case ErrorCode::invalid_audio:
    case ErrorCode::invalid_avatar:
    case ErrorCode::invalid_image:
    case ErrorCode::invalid_json:
    case ErrorCode::invalid_voice:
    case ErrorCode::unknown_voice:
    case ErrorCode::synthesis_failed:
    case ErrorCode::text_mismatch:
      return 422;
    default:
      return 500;
  }
}

}  // namespace

Reply problem(const Error& error) {
  const int status = status_of(error.code);
  Reply reply;
  if (status == 422) {
    const std::vector<Violation> violations{
        {{"body"}, error.message, std::string(error_name(error.code))}};
    reply = {.status = status, .body = json_text(to_json(violations))};
  } else if (status == 500) {
    reply = problem(500, "the service failed at this request; its log says why");
    reply.cause = std::string(error_name(error.code)) + ": " + error.message;
  } else {
    reply = problem(status, error.message);
    if (status == 503) reply.headers.emplace_back("Retry-After", "1");
  }
  reply.error_name = error_name(error.code);
  return reply;
}

}  // namespace vivavox
