#include "engine/speech/piper_request.h"

#include <algorithm>
#include <cmath>

#include "engine/speech/input_text.h"
#include "engine/speech/phone_track.h"
#include "engine/speech/piper_timing.h"

namespace vivavox {

namespace {

/// A blank between words shorter than this belongs to the sound before it.
constexpr double piper_min_pause_s = 0.06;

/// The phones of a sentence with their lengths. Pieces of one phone become one;
/// blanks and punctuation are pauses, unless they are too short to be heard.
std::vector<Phone> timed_phones(const PiperSentence& sentence, const SymbolLengths& lengths,
                                std::int32_t sample_rate_hz, std::int64_t total_samples) {
  const auto min_pause = static_cast<std::int64_t>(piper_min_pause_s * sample_rate_hz);
  std::vector<Phone> phones;
  append_phone(phones, {"", Stress::none, 0, lengths.begin_samples, -1});
  std::int64_t at = lengths.begin_samples;
  for (std::size_t i = 0; i < sentence.symbols.size();) {
    const std::int32_t index = sentence.symbols[i].phone;
    const std::int64_t start = at;
    for (; i < sentence.symbols.size() && sentence.symbols[i].phone == index; ++i) {
      at += lengths.symbols_samples[i];
    }
    if (index >= 0) {
      const PiperPhone& phone = sentence.phones[static_cast<std::size_t>(index)];
      append_phone(phones, {phone.ipa, phone.stress, start, at, phone.word});
    } else if (at - start < min_pause && !phones.empty()) {
      phones.back().end_samples = at;
    } else {
      append_phone(phones, {"", Stress::none, start, at, -1});
    }
  }
  append_phone(phones, {"", Stress::none, at, total_samples, -1});
  return phones;
}

}  // namespace

Result<PiperRequest> PiperRequest::create(EspeakEngine& engine,
                                          std::shared_ptr<const PiperConfig> config,
                                          std::string text, const SpeechOptions& options) {
  if (auto checked = check_text(text); !checked) return std::unexpected(checked.error());
  if (!(options.rate >= 0.5 && options.rate <= 2)) {
    return fail(ErrorCode::invalid_argument, "rate must be from 0.5 to 2");
  }
  if (options.speaker < 0 || options.speaker >= config->num_speakers) {
    return fail(ErrorCode::invalid_argument,
                "there is no speaker " + std::to_string(options.speaker) + "; the voice has " +
                    std::to_string(config->num_speakers) + ", counted from 0");
  }
  return PiperRequest(engine, std::move(config), std::move(text), options);
}

PiperRequest::PiperRequest(EspeakEngine& engine, std::shared_ptr<const PiperConfig> config,
                           std::string text, const SpeechOptions& options)
    : engine_(&engine),
      config_(std::move(config)),
      text_(std::move(text)),
      readable_(without_controls(text_)),
      speaker_(config_->num_speakers > 1 ? options.speaker : -1) {
  scales_ = {
      static_cast<float>(options.noise_scale.value_or(config_->noise_scale)),
      static_cast<float>(options.length_scale.value_or(config_->length_scale) / options.rate),
      static_cast<float>(options.noise_w.value_or(config_->noise_w))};
}

Result<std::optional<PiperInput>> PiperRequest::next_input() {
  if (cancelled_->load()) return fail(ErrorCode::cancelled, "speaking was cancelled");
  auto sentence = next_sentence(*engine_, *config_, readable_, at_bytes_);
  if (!sentence) return std::unexpected(sentence.error());
  std::optional<PiperSentence>& found = *sentence;
  if (!found) {
    if (has_spoken_) return std::nullopt;
    return fail(ErrorCode::synthesis_failed, "the text has nothing that can be spoken");
  }
  has_spoken_ = true;
  sentence_ = std::move(*found);
  at_bytes_ = sentence_.end_bytes;
  ids_ = phoneme_ids(*config_, sentence_.symbol_values());
  for (const char32_t symbol : ids_.unknown) {
    if (!unknown_.contains(symbol)) unknown_ += symbol;
  }
  return PiperInput{ids_.ids, scales_, speaker_};
}

Result<SpeechClause> PiperRequest::complete(std::span<const float> samples,
                                            std::span<const float> frames) {
  const auto is_number = [](float sample) { return std::isfinite(sample); };
  if (samples.empty() || !std::ranges::all_of(samples, is_number)) {
    return fail(ErrorCode::inference_failed, "the voice's model gave no sound for this text");
  }
  const auto total = static_cast<std::int64_t>(samples.size());
  const auto exact = lengths_from_frames(*config_, ids_, sentence_.symbols.size(), frames, total);
  SpeechClause clause;
  clause.timeline = {.text = text_,
                     .voice = "piper:" + std::string(config_->espeak_voice.language),
                     .language = std::string(config_->espeak_voice.language),
                     .sample_rate_hz = config_->sample_rate_hz,
                     .length_samples = total,
                     .timing = exact ? Timing::exact : Timing::estimated};
  for (const TextRange& word : sentence_.words) {
    clause.timeline.words.push_back({.begin_bytes = word.begin_bytes, .end_bytes = word.end_bytes});
  }
  clause.timeline.phones =
      timed_phones(sentence_, exact ? *exact : estimated_lengths(sentence_, samples),
                   config_->sample_rate_hz, total);
  time_words(clause.timeline);
  clause.samples.assign(samples.begin(), samples.end());
  std::ranges::transform(clause.samples, clause.samples.begin(),
                         [](float sample) { return std::clamp(sample, -1.0F, 1.0F); });
  usual_.describe(clause.timeline, {clause.samples, config_->sample_rate_hz});
  return clause;
}

}  // namespace vivavox
