// Texts spoken whole, by any voice of this machine.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/speech/espeak_engine.h"
#include "engine/speech/speech.h"
#include "server/onnx_session.h"

namespace vivavox {

/// A text as it was spoken.
struct Speech {
  Timeline timeline;
  std::vector<float> samples;  ///< mono, −1…1, timeline.length_samples of them
  double confidence = 1;       ///< in the times: 1 where the synthesiser gave them
};

/// Called after each clause with all that was spoken so far; false stops.
using SpeechProgress = std::function<bool(const Speech& so_far)>;

/// Called with each clause; false stops.
using ClauseReceiver = std::function<bool(SpeechClause)>;

/// Opens each voice once and keeps it. May be used from several threads.
class Speaker {
 public:
  /// `espeak_data` is the folder of espeak-ng's data. Errors: not_found.
  static Result<Speaker> open(const std::string& espeak_data);

  /// `voice` is "espeak:LANGUAGE" or the path of a Piper model, NAME.onnx with
  /// NAME.onnx.json beside it. Errors: unknown_voice, not_found, invalid_voice,
  /// invalid_model; those of the requests (engine/speech); cancelled if
  /// `on_progress` returned false.
  Result<Speech> speak(std::string text, const std::string& voice, const SpeechOptions& options,
                       const SpeechProgress& on_progress);

  /// The text clause by clause, each spoken when it is asked for. The source may not
  /// outlive this.
  Result<ClauseSource> clauses_of(std::string text, const std::string& voice,
                                  const SpeechOptions& options);

  /// The same, clause by clause, keeping nothing.
  Result<void> speak_clauses(std::string text, const std::string& voice,
                             const SpeechOptions& options, const ClauseReceiver& receive);

 private:
  struct PiperVoice {
    std::shared_ptr<const PiperConfig> config;
    PiperSession session;
  };

  explicit Speaker(std::unique_ptr<EspeakEngine> espeak);
  Result<const PiperVoice*> piper_voice(const std::string& path);

  std::unique_ptr<EspeakEngine> espeak_;
  std::unique_ptr<std::mutex> opening_ = std::make_unique<std::mutex>();
  std::map<std::string, PiperVoice> piper_voices_;
};

}  // namespace vivavox
