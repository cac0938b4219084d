// The voices of the service: any text, spoken by whoever asks, within limits.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/service/settings.h"
#include "server/speaker.h"
#include "server/work/gate.h"

namespace vivavox {

/// What is held in memory at one time.
inline constexpr double longest_speech_s = 600;

class Voices {
 public:
  explicit Voices(const Settings& settings);

  /// The voice a client means: "espeak:LANGUAGE", a language, the name of a
  /// Piper model that lies beside PIPER_MODEL_PATH, or none. Clients send names
  /// of other services' voices: those get the default one, as nothing asked for.
  std::string resolve(std::string_view voice_id) const;

  /// Speaks in the caller's thread, once there is room for it.
  /// Errors: of Speaker::speak(), unavailable, cancelled, too_large (it lasts longer).
  Result<Speech> speak(const std::string& text, const std::string& voice, const Deadline& deadline,
                       double longest_s = longest_speech_s);

  /// The text's clauses, each spoken in the caller's thread once there is room for it:
  /// who waits between them keeps nobody else waiting. Each has the deadline's whole time.
  Result<ClauseSource> clauses_of(const std::string& text, const std::string& voice,
                                  const Deadline& deadline);

  /// The same, without keeping the samples: the Timeline of a text of any length.
  Result<Timeline> time(const std::string& text, const std::string& voice,
                        const Deadline& deadline);

  /// "standby" before the first use, "healthy", or what is wrong.
  std::string condition() const;
  int waiting() const { return gate_.waiting(); }

 private:
  Result<Speaker*> speaker();

  std::string piper_model_path_;
  Gate gate_;
  mutable std::mutex mutex_;
  std::optional<Speaker> speaker_;
  std::string failure_;
};

}  // namespace vivavox
