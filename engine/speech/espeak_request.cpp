#include "engine/speech/espeak_request.h"

#include <algorithm>

#include "engine/speech/input_text.h"
#include "engine/speech/words.h"

namespace vivavox {

namespace {

constexpr double max_closure_s = 0.07;
constexpr double min_pause_s = 0.02;

bool is_speakable(const EspeakClause& clause) {
  return std::ranges::contains(clause.phones, EspeakPhone::Kind::sound, &EspeakPhone::kind);
}

/// Stops and affricates, whose closure is silent. IPA letters, first of a phone.
bool starts_with_closure(std::string_view ipa) {
  static constexpr std::string_view stops[] = {"p", "b", "t", "d", "k", "ɡ", "g", "q", "c",
                                               "ɟ", "ʈ", "ɖ", "ɢ", "ʔ", "ɓ", "ɗ", "ɠ", "ʄ"};
  return std::ranges::any_of(stops, [&](std::string_view stop) { return ipa.starts_with(stop); });
}

/// A phone of nothing but modifiers (Russian's "ʲ") colours the one before.
/// Modifier letters and combining marks: U+02B0–U+036F, in UTF-8 CA B0–CD AF.
bool is_modifier(std::string_view ipa) {
  return ipa.size() >= 2 && ipa.substr(0, 2) >= "\xCA\xB0" && ipa.substr(0, 2) <= "\xCD\xAF";
}

/// Phones placed one after the other: espeak-ng marks where each begins, after
/// the silence before it. A stop takes its closure from that silence; what is
/// long enough to be heard of the rest is a pause.
class PhoneTrack {
 public:
  explicit PhoneTrack(std::int32_t sample_rate_hz)
      : max_closure_samples_(static_cast<std::int64_t>(max_closure_s * sample_rate_hz)),
        min_pause_samples_(static_cast<std::int64_t>(min_pause_s * sample_rate_hz)) {}

  void add(const EspeakPhone& phone, std::int32_t word) {
    if (is_modifier(phone.ipa) && !phones_.empty() && !phones_.back().ipa.empty()) {
      phones_.back().ipa += phone.ipa;
      return;
    }
    const bool is_pause = phone.kind == EspeakPhone::Kind::pause;
    std::int64_t start = phone.start_samples;
    std::int64_t silence = phone.pause_samples;
    if (!is_pause && starts_with_closure(phone.ipa)) {
      const std::int64_t closure = std::min(silence, max_closure_samples_);
      start -= closure;
      silence -= closure;
    }
    if (is_pause || phones_.empty() || silence >= min_pause_samples_) pause_at(start - silence);
    if (!is_pause) begin({phone.ipa, phone.stress, start, start, word});
  }

  std::vector<Phone> finish(std::int64_t length_samples) {
    close_at(length_samples);
    return std::move(phones_);
  }

 private:
  void pause_at(std::int64_t start) {
    if (!phones_.empty() && phones_.back().ipa.empty()) return;
    begin({"", Stress::none, phones_.empty() ? 0 : start, start, -1});
  }

  void begin(Phone phone) {
    close_at(phone.start_samples);
    phones_.push_back(std::move(phone));
  }

  /// Ends the last phone; one that made no sound vanishes.
  void close_at(std::int64_t end) {
    if (phones_.empty()) return;
    phones_.back().end_samples = end;
    if (phones_.back().end_samples <= phones_.back().start_samples) phones_.pop_back();
  }

  std::int64_t max_closure_samples_;
  std::int64_t min_pause_samples_;
  std::vector<Phone> phones_;
};

/// Times of words from their phones. A word none of whose phones sounds has no
/// length, and lies at the end of the word before.
void time_words(Timeline& timeline) {
  for (Word& word : timeline.words) word.start_samples = word.end_samples = -1;
  for (const Phone& phone : timeline.phones) {
    if (phone.word < 0) continue;
    Word& word = timeline.words[static_cast<std::size_t>(phone.word)];
    if (word.start_samples < 0) word.start_samples = phone.start_samples;
    word.end_samples = phone.end_samples;
  }
  std::int64_t end = 0;
  for (Word& word : timeline.words) {
    if (word.start_samples < 0) word.start_samples = word.end_samples = end;
    end = word.end_samples;
  }
}

}  // namespace

Timeline timeline_of(const EspeakClause& clause, const std::string& text, const EspeakVoice& voice,
                     std::int32_t sample_rate_hz) {
  Timeline timeline{.text = text,
                    .voice = "espeak:" + std::string(voice.language),
                    .language = std::string(voice.language),
                    .sample_rate_hz = sample_rate_hz,
                    .length_samples = static_cast<std::int64_t>(clause.samples.size())};
  const ClauseWords words = words_of(clause, text);
  for (const TextRange& word : words.words) {
    timeline.words.push_back({.begin_bytes = word.begin_bytes, .end_bytes = word.end_bytes});
  }
  PhoneTrack track(sample_rate_hz);
  for (std::size_t i = 0; i < clause.phones.size(); ++i) {
    const EspeakPhone& phone = clause.phones[i];
    const bool is_sound = phone.kind == EspeakPhone::Kind::sound && !phone.ipa.empty();
    if (is_sound || phone.kind == EspeakPhone::Kind::pause) {
      track.add(phone, words.word_of_phone[i]);
    }
  }
  timeline.phones = track.finish(timeline.length_samples);
  time_words(timeline);
  return timeline;
}

Result<EspeakRequest> EspeakRequest::create(EspeakEngine& engine, std::string text,
                                            std::string_view voice, const SpeechOptions& options) {
  const Result<EspeakVoice> found = find_voice(voice);
  if (!found) return std::unexpected(found.error());
  if (auto checked = check_text(text); !checked) return std::unexpected(checked.error());
  const auto is_in_range = [](double factor) { return factor >= 0.5 && factor <= 2; };
  if (!is_in_range(options.rate) || !is_in_range(options.pitch)) {
    return fail(ErrorCode::invalid_argument, "rate and pitch must be from 0.5 to 2");
  }
  return EspeakRequest(engine, std::move(text), *found, options);
}

EspeakRequest::EspeakRequest(EspeakEngine& engine, std::string text, const EspeakVoice& voice,
                             const SpeechOptions& options)
    : engine_(&engine),
      text_(std::move(text)),
      readable_(without_controls(text_)),
      voice_(voice),
      options_(options) {}

Result<std::optional<SpeechClause>> EspeakRequest::next() {
  while (at_bytes_ < text_.size()) {
    if (cancelled_->load()) return fail(ErrorCode::cancelled, "speaking was cancelled");
    Result<EspeakClause> clause = engine_->speak(voice_, options_, readable_, at_bytes_);
    if (!clause) return std::unexpected(clause.error());
    at_bytes_ = clause->end_bytes;
    if (!is_speakable(*clause)) continue;
    has_spoken_ = true;
    return SpeechClause{timeline_of(*clause, text_, voice_, engine_->sample_rate_hz()),
                        std::move(clause->samples)};
  }
  if (!has_spoken_) {
    return fail(ErrorCode::synthesis_failed, "the text has nothing that can be spoken");
  }
  return std::nullopt;
}

}  // namespace vivavox
