// espeak-ng as one object: a text goes in clause by clause, phones and samples
// come out.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/speech/espeak_voices.h"
#include "engine/speech/speech.h"

namespace vivavox {

/// A phone as espeak-ng made it.
struct EspeakPhone {
  enum class Kind : std::uint8_t { sound, pause, language_switch };

  std::string ipa;  ///< UTF-8 with length and tone marks; "(fr)" of a language switch
  Kind kind = Kind::sound;
  Stress stress = Stress::none;
  bool starts_word = false;
  bool space_before = false;         ///< in the phoneme string
  std::uint32_t position_bytes = 0;  ///< in the whole text, where starts_word
  std::int64_t start_samples = 0;    ///< from the clause's start
  std::int64_t pause_samples = 0;    ///< silence right before the start
};

/// A part of a text up to its next punctuation.
struct EspeakClause {
  std::uint32_t begin_bytes = 0;  ///< in the text, blanks and punctuation included
  std::uint32_t end_bytes = 0;
  char terminator = 0;  ///< . ? ! , : ; or 0 where there is no punctuation
  bool ends_sentence = false;
  bool ends_in_abbreviation = false;  ///< the last word's dot belongs to it
  std::vector<EspeakPhone> phones;
  std::vector<float> samples;  ///< −1…1; empty if only translated
};

/// Whether anything is said in it.
bool has_sound(const EspeakClause& clause);

/// espeak-ng keeps its state in globals, so a process has one EspeakEngine. It
/// may be used from several threads; each clause depends on nothing before it.
class EspeakEngine {
 public:
  /// Loads the phoneme data from a folder of espeak-ng's data.
  /// Errors: not_found; invalid_argument if another EspeakEngine lives.
  static Result<std::unique_ptr<EspeakEngine>> open(const std::string& data_folder);
  ~EspeakEngine();
  EspeakEngine(const EspeakEngine&) = delete;
  EspeakEngine& operator=(const EspeakEngine&) = delete;

  std::int32_t sample_rate_hz() const;

  /// The phones of the clause at an offset into a text without controls, not
  /// timed. Errors: not_found if the voice's data is missing.
  Result<EspeakClause> translate(const EspeakVoice& voice, const std::string& text,
                                 std::uint32_t begin_bytes);

  /// The same with samples and times.
  Result<EspeakClause> speak(const EspeakVoice& voice, const SpeechOptions& options,
                             const std::string& text, std::uint32_t begin_bytes);

 private:
  EspeakEngine() = default;
  Result<void> use_voice(const EspeakVoice& voice);

  std::mutex mutex_;
  std::string language_;
  std::vector<std::string> dictionaries_;
  std::vector<const char*> dictionary_names_;
};

}  // namespace vivavox
