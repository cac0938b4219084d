// Speaking a text with a Piper voice, sentence by sentence. The model runs
// elsewhere: ONNX Runtime natively, onnxruntime-web in a browser.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>

#include "engine/prosody/delivery.h"
#include "engine/speech/piper_config.h"
#include "engine/speech/piper_sentence.h"
#include "engine/speech/speech.h"

namespace vivavox {

/// A model's inputs for one sentence.
struct PiperInput {
  std::vector<std::int64_t> ids;  ///< `input`, shape [1, N]; `input_lengths` is {N}
  std::array<float, 3> scales;    ///< `scales`: noise, length, noise of the durations
  std::int32_t speaker = -1;      ///< `sid`, or −1 where the model has none
};

/// A text on its way to be spoken: next_input() and complete() take turns.
class PiperRequest {
 public:
  /// Errors: invalid_text; invalid_argument for a speaker that the voice does
  /// not have or an option out of range. The engine must outlive it.
  static Result<PiperRequest> create(EspeakEngine& engine,
                                     std::shared_ptr<const PiperConfig> config, std::string text,
                                     const SpeechOptions& options);

  /// The next sentence's input; nothing after the last.
  /// Errors: cancelled; synthesis_failed if the text has nothing to say.
  Result<std::optional<PiperInput>> next_input();

  /// The sentence that was asked for last, as the model answered: `samples` of
  /// its output, and its durations in frames for each id, or none; without
  /// usable ones the timing is estimated.
  /// Errors: inference_failed if there are no samples or some are no numbers.
  Result<SpeechClause> complete(std::span<const float> samples, std::span<const float> frames);

  /// Symbols so far that the voice has no id for and that were left out.
  const std::u32string& unknown_symbols() const { return unknown_; }

  /// The next call of next_input() fails with cancelled. Callable from any thread.
  void cancel() { cancelled_->store(true); }

 private:
  PiperRequest(EspeakEngine& engine, std::shared_ptr<const PiperConfig> config, std::string text,
               const SpeechOptions& options);

  EspeakEngine* engine_;
  std::shared_ptr<const PiperConfig> config_;
  std::string text_;
  std::string readable_;
  std::array<float, 3> scales_{};
  std::int32_t speaker_ = -1;
  std::uint32_t at_bytes_ = 0;
  bool has_spoken_ = false;
  UsualVoice usual_;
  PiperSentence sentence_;
  PhonemeIds ids_;
  std::u32string unknown_;
  std::unique_ptr<std::atomic<bool>> cancelled_ = std::make_unique<std::atomic<bool>>(false);
};

}  // namespace vivavox
