#include "engine/speech/espeak_request.h"

#include <algorithm>
#include <span>

#include "engine/phonetics/articulation.h"
#include "engine/speech/input_text.h"
#include "engine/speech/phone_track.h"
#include "engine/speech/words.h"

namespace vivavox {

namespace {

constexpr double max_closure_s = 0.07;
constexpr double espeak_min_pause_s = 0.02;

/// Stops and affricates, whose closure is silent.
bool starts_with_closure(std::string_view ipa) {
  const Articulations made = parse_ipa(ipa);
  return !made.sequence.empty() && is_stop(made.sequence.front());
}

/// Where the phones of a clause begin, and the pauses between them: espeak-ng marks each
/// phone after the silence before it. A stop takes its closure from that silence; what is
/// long enough to be heard of the rest is a pause.
std::vector<Phone> phone_starts(const EspeakClause& clause,
                                std::span<const std::int32_t> word_of_phone,
                                std::int32_t sample_rate_hz) {
  const auto max_closure = static_cast<std::int64_t>(max_closure_s * sample_rate_hz);
  const auto min_pause = static_cast<std::int64_t>(espeak_min_pause_s * sample_rate_hz);
  std::vector<Phone> starts = {{"", Stress::none, 0, 0, -1}};
  for (std::size_t i = 0; i < clause.phones.size(); ++i) {
    const EspeakPhone& phone = clause.phones[i];
    const bool is_pause = phone.kind == EspeakPhone::Kind::pause;
    if (!is_pause && (phone.kind != EspeakPhone::Kind::sound || phone.ipa.empty())) continue;
    std::int64_t start = phone.start_samples;
    std::int64_t silence = phone.pause_samples;
    if (!is_pause && starts_with_closure(phone.ipa)) {
      const std::int64_t closure = std::min(silence, max_closure);
      start -= closure;
      silence -= closure;
    }
    if (is_pause || silence >= min_pause) {
      starts.push_back({"", Stress::none, start - silence, 0, -1});
    }
    if (!is_pause) starts.push_back({phone.ipa, phone.stress, start, 0, word_of_phone[i]});
  }
  return starts;
}

/// Gives time to a phone that espeak-ng sounds within a neighbour and marks where that
/// ends: an unreleased stop before a pause closes in it; others, such as the [l] of
/// "milk", take the last third of the sound before, or the first of the one after.
void part_shared_sounds(std::vector<Phone>& starts, std::int64_t end_samples,
                        std::int32_t sample_rate_hz) {
  const auto most = static_cast<std::int64_t>(max_closure_s * sample_rate_hz);
  const auto start_of = [&](std::size_t i) {
    return i < starts.size() ? starts[i].start_samples : end_samples;
  };
  for (std::size_t i = 1; i < starts.size(); ++i) {
    if (starts[i].ipa.empty() || is_modifier(starts[i].ipa)) continue;
    const std::int64_t at = starts[i].start_samples;
    const std::int64_t after = start_of(i + 1);
    if (after > at) continue;
    const std::int64_t room_before = at - starts[i - 1].start_samples;
    const std::int64_t room_after = start_of(i + 2) - after;
    const bool has_after = i + 1 < starts.size() && room_after > 2;
    const bool closes_in_pause =
        has_after && starts[i + 1].ipa.empty() && starts_with_closure(starts[i].ipa);
    if (!closes_in_pause && !starts[i - 1].ipa.empty() && room_before > 2) {
      starts[i].start_samples = at - std::min(room_before / 3, most);
    } else if (has_after) {
      starts[i + 1].start_samples = after + std::min(room_after / 3, most);
    }
  }
}

/// The phones of a clause one after the other.
std::vector<Phone> placed_phones(const EspeakClause& clause,
                                 std::span<const std::int32_t> word_of_phone,
                                 std::int32_t sample_rate_hz) {
  const auto end_samples = static_cast<std::int64_t>(clause.samples.size());
  std::vector<Phone> starts = phone_starts(clause, word_of_phone, sample_rate_hz);
  part_shared_sounds(starts, end_samples, sample_rate_hz);
  std::vector<Phone> phones;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    starts[i].end_samples = i + 1 < starts.size() ? starts[i + 1].start_samples : end_samples;
    append_phone(phones, starts[i]);
  }
  return phones;
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
  timeline.phones = placed_phones(clause, words.word_of_phone, sample_rate_hz);
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
    if (!has_sound(*clause)) continue;
    has_spoken_ = true;
    SpeechClause spoken{timeline_of(*clause, text_, voice_, engine_->sample_rate_hz()),
                        std::move(clause->samples)};
    usual_.describe(spoken.timeline, {spoken.samples, engine_->sample_rate_hz()});
    return spoken;
  }
  if (!has_spoken_) {
    return fail(ErrorCode::synthesis_failed, "the text has nothing that can be spoken");
  }
  return std::nullopt;
}

}  // namespace vivavox
