// Speaking a text with espeak-ng, clause by clause.
#pragma once

#include <atomic>
#include <optional>

#include "engine/prosody/delivery.h"
#include "engine/speech/espeak_engine.h"
#include "engine/speech/speech.h"

namespace vivavox {

/// A text on its way to be spoken. Requests of one engine may take turns.
class EspeakRequest {
 public:
  /// `voice` is "espeak:LANGUAGE". Errors: unknown_voice, invalid_text,
  /// invalid_argument for a options out of range. The engine must outlive it.
  static Result<EspeakRequest> create(EspeakEngine& engine, std::string text,
                                      std::string_view voice, const SpeechOptions& options);

  /// Synthesises the next clause; nothing after the last.
  /// Errors: cancelled; synthesis_failed if the text has nothing to say.
  Result<std::optional<SpeechClause>> next();

  /// The next call of next() fails with cancelled. Callable from any thread.
  void cancel() { cancelled_->store(true); }

 private:
  EspeakRequest(EspeakEngine& engine, std::string text, const EspeakVoice& voice,
                const SpeechOptions& options);

  EspeakEngine* engine_;
  std::string text_;
  std::string readable_;
  EspeakVoice voice_;
  SpeechOptions options_;
  std::uint32_t at_bytes_ = 0;
  bool has_spoken_ = false;
  UsualVoice usual_;
  std::unique_ptr<std::atomic<bool>> cancelled_ = std::make_unique<std::atomic<bool>>(false);
};

/// The Timeline of a clause that EspeakEngine::speak made.
Timeline timeline_of(const EspeakClause& clause, const std::string& text, const EspeakVoice& voice,
                     std::int32_t sample_rate_hz);

}  // namespace vivavox
