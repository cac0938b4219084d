// Failures are values: every public call that can fail returns Result<T>.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace vivavox {

/// What kind of thing went wrong. The names are part of the public interface:
/// they reach JavaScript and HTTP clients as `error_name()` spells them.
enum class ErrorCode {
  invalid_argument,      ///< a value out of its documented range
  invalid_text,          ///< empty, too long, or not UTF-8
  invalid_audio,         ///< not a WAV file this engine reads
  invalid_avatar,        ///< not a glTF binary this engine can show
  invalid_image,         ///< a texture that cannot be decoded
  invalid_json,          ///< not JSON, or not of the expected form
  invalid_model,         ///< not an ONNX model with Piper's interface
  invalid_voice,         ///< a voice config that cannot be used
  unknown_voice,         ///< no such voice or language
  cancelled,             ///< the caller asked to stop
  not_found,             ///< a file that does not exist
  io_failed,             ///< reading or writing failed
  synthesis_failed,      ///< the synthesiser gave no sound
  inference_failed,      ///< the neural network runtime reported an error
  renderer_unavailable,  ///< no GPU or software renderer could be opened
  encoder_failed,        ///< FFmpeg is missing or reported an error
  too_large,             ///< more than a documented limit allows
  unavailable,           ///< busy, or something needed is away: try again later
  forbidden,             ///< the caller may not do that
  precondition_failed,   ///< it has changed since the caller read it
  conflict,              ///< the name is taken by something of another's
  storage_full,          ///< as much is kept as is allowed: delete some first
  text_mismatch,         ///< a recording does not say the text that it is aligned with
};

/// The code as it is spelt in messages, JSON and JavaScript, e.g. "unknown_voice".
std::string_view error_name(ErrorCode code);

/// A failure: its kind, and one sentence for a person that says what was wrong
/// and what to do about it.
struct Error {
  ErrorCode code;
  std::string message;
};

template <class T>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::invalid_text, "…");`
inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

/// A name as messages show it.
inline std::string quoted(std::string_view name) {
  return "\"" + std::string(name) + "\"";
}

}  // namespace vivavox
