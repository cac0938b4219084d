#include "engine/error.h"

namespace vivavox {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return "invalid_argument";
    case ErrorCode::invalid_text:
      return "invalid_text";
    case ErrorCode::invalid_audio:
      return "invalid_audio";
    case ErrorCode::invalid_avatar:
      return "invalid_avatar";
    case ErrorCode::invalid_image:
      return "invalid_image";
    case ErrorCode::invalid_json:
      return "invalid_json";
    case ErrorCode::invalid_model:
      return "invalid_model";
    case ErrorCode::invalid_voice:
      return "invalid_voice";
    case ErrorCode::unknown_voice:
      return "unknown_voice";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::io_failed:
      return "io_failed";
    case ErrorCode::synthesis_failed:
      return "synthesis_failed";
    case ErrorCode::inference_failed:
      return "inference_failed";
    case ErrorCode::renderer_unavailable:
      return "renderer_unavailable";
    case ErrorCode::encoder_failed:
      return "encoder_failed";
    case ErrorCode::too_large:
      return "too_large";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::forbidden:
      return "forbidden";
    case ErrorCode::precondition_failed:
      return "precondition_failed";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::storage_full:
      return "storage_full";
    case ErrorCode::text_mismatch:
      return "text_mismatch";
  }
  return "unknown";
}

}  // namespace vivavox
