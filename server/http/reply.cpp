#include "server/http/reply.h"

namespace vivavox {

namespace {

int status_of(ErrorCode code) {
  switch (code) {
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
      return 422;
    default:
      return 500;
  }
}

}  // namespace

Reply problem(const Error& error) {
  Reply reply = problem(status_of(error.code), error.message);
  if (reply.status == 503) reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

}  // namespace vivavox
