#include "engine/speech/espeak_engine.h"

#include <espeak-ng/clause.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <span>

#include "engine/text/utf8.h"

namespace vivavox {

namespace {

std::atomic_flag engine_lives;

constexpr double usual_words_per_minute = 175;
constexpr float int16_scale = 1.0F / 32768;

/// espeak-ng's pitch p stands for the factor 2^((p − 50) / 50).
int pitch_value(double factor) {
  return std::clamp(static_cast<int>(std::lround(50 + 50 * std::log2(factor))), 0, 99);
}

/// Byte offsets of ascending code point counts.
class Positions {
 public:
  Positions(std::string_view text, std::uint32_t begin_bytes) : text_(text), bytes_(begin_bytes) {}

  std::uint32_t at(std::uint32_t chars) {
    for (; chars_ < chars && bytes_ < text_.size(); ++chars_) {
      bytes_ += static_cast<std::uint32_t>(decode_utf8(text_, bytes_).length_bytes);
    }
    return bytes_;
  }

 private:
  std::string_view text_;
  std::uint32_t bytes_;
  std::uint32_t chars_ = 0;
};

EspeakPhone::Kind kind_of(const espeak_phone& phone) {
  switch (phone.kind) {
    case ESPEAK_PHONE_PAUSE:
      return EspeakPhone::Kind::pause;
    case ESPEAK_PHONE_LANGUAGE:
      return EspeakPhone::Kind::language_switch;
    default:
      return EspeakPhone::Kind::sound;
  }
}

EspeakPhone copy_of(const espeak_phone& phone) {
  return {.ipa = phone.ipa,
          .kind = kind_of(phone),
          .stress = static_cast<Stress>(phone.stress),
          .starts_word = phone.starts_word != 0,
          .space_before = phone.space_before != 0,
          .start_samples = phone.start_samples,
          .pause_samples = phone.pause_samples};
}

EspeakClause copy_of(const espeak_clause& clause, std::string_view text,
                     std::uint32_t begin_bytes) {
  EspeakClause copy;
  copy.begin_bytes = begin_bytes;
  copy.end_bytes = begin_bytes + static_cast<std::uint32_t>(clause.size_bytes);
  copy.terminator = clause.terminator;
  copy.ends_sentence = clause.ends_sentence != 0;
  copy.ends_in_abbreviation = clause.abbreviation != 0;
  Positions positions(text, begin_bytes);
  for (const espeak_phone& phone : std::span(clause.phones, clause.phone_count)) {
    copy.phones.push_back(copy_of(phone));
    if (phone.starts_word) copy.phones.back().position_bytes = positions.at(phone.position_chars);
  }
  return copy;
}

espeak_clause translate_first(const std::string& text, std::uint32_t begin_bytes) {
  espeak_clause clause;
  espeak_clause_translate(text.c_str() + begin_bytes, text.size() - begin_bytes, &clause);
  return clause;
}

}  // namespace

bool has_sound(const EspeakClause& clause) {
  return std::ranges::contains(clause.phones, EspeakPhone::Kind::sound, &EspeakPhone::kind);
}

Result<std::unique_ptr<EspeakEngine>> EspeakEngine::open(const std::string& data_folder) {
  if (engine_lives.test_and_set()) {
    return fail(ErrorCode::invalid_argument, "espeak-ng is open already: share its EspeakEngine");
  }
  std::unique_ptr<EspeakEngine> engine(new EspeakEngine);
  if (espeak_clause_open(data_folder.c_str()) != 0) {
    return fail(ErrorCode::not_found,
                "espeak-ng's data is not in \"" + data_folder + "\": install espeak-ng-data");
  }
  return engine;
}

EspeakEngine::~EspeakEngine() {
  engine_lives.clear();
}

std::int32_t EspeakEngine::sample_rate_hz() const {
  return espeak_clause_sample_rate();
}

Result<void> EspeakEngine::use_voice(const EspeakVoice& voice) {
  if (voice.language == language_) return {};
  language_.clear();
  dictionaries_ = dictionaries(voice);
  dictionary_names_.clear();
  for (const std::string& name : dictionaries_) dictionary_names_.push_back(name.c_str());
  dictionary_names_.push_back(nullptr);
  if (espeak_clause_set_voice(std::string(voice.file).c_str(), dictionary_names_.data()) != 0) {
    return fail(ErrorCode::not_found, "espeak-ng's data lacks the files of \"" +
                                          std::string(voice.language) +
                                          "\": install espeak-ng-data");
  }
  language_ = voice.language;
  return {};
}

Result<EspeakClause> EspeakEngine::translate(const EspeakVoice& voice, const std::string& text,
                                             std::uint32_t begin_bytes) {
  const std::lock_guard lock(mutex_);
  if (auto used = use_voice(voice); !used) return std::unexpected(used.error());
  return copy_of(translate_first(text, begin_bytes), text, begin_bytes);
}

Result<EspeakClause> EspeakEngine::speak(const EspeakVoice& voice, const SpeechOptions& options,
                                         const std::string& text, std::uint32_t begin_bytes) {
  const std::lock_guard lock(mutex_);
  if (auto used = use_voice(voice); !used) return std::unexpected(used.error());
  espeak_clause_set_prosody(static_cast<int>(std::lround(usual_words_per_minute * options.rate)),
                            pitch_value(options.pitch));
  const espeak_clause clause = translate_first(text, begin_bytes);
  std::vector<float> samples;
  espeak_clause_speak(
      [](void* context, const std::int16_t* data, std::size_t count) {
        auto& out = *static_cast<std::vector<float>*>(context);
        for (const std::int16_t sample : std::span(data, count)) {
          out.push_back(static_cast<float>(sample) * int16_scale);
        }
      },
      &samples);
  EspeakClause spoken = copy_of(clause, text, begin_bytes);
  spoken.samples = std::move(samples);
  return spoken;
}

}  // namespace vivavox
