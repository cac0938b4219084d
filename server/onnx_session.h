// A Piper model in ONNX Runtime.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/error.h"
#include "engine/speech/piper_request.h"

namespace vivavox {

/// What a model answers: its sound, and its durations in frames for each id,
/// empty if it does not tell them.
struct PiperOutput {
  std::vector<float> samples;
  std::vector<float> frames;
};

/// Opened once and used for every sentence; run() may be called from several
/// threads.
class PiperSession {
 public:
  /// Opens an .onnx file's bytes, with its durations as a further output.
  /// `threads`: for the work within an operator, 0 is one for each core.
  /// Errors: invalid_model; inference_failed if ONNX Runtime is missing.
  static Result<PiperSession> open(std::span<const std::byte> model, int threads);
  PiperSession(PiperSession&&) noexcept;
  PiperSession& operator=(PiperSession&&) noexcept;
  ~PiperSession();

  /// Errors: inference_failed, with ONNX Runtime's reason.
  Result<PiperOutput> run(const PiperInput& input) const;

 private:
  struct State;
  explicit PiperSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vivavox
