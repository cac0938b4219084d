#include "engine/align/reading_ahead.h"

#include <algorithm>
#include <limits>

namespace vivavox {

namespace {

constexpr std::int64_t frames_per_s = spectrum_hz / hop_length_samples;

/// How many of the words the first phones say, and those between them.
std::size_t words_of(const Timeline& timeline, std::size_t phones) {
  if (phones == timeline.phones.size()) return timeline.words.size();
  std::int32_t words = 0;
  for (std::size_t i = 0; i < phones; ++i) words = std::max(words, timeline.phones[i].word + 1);
  return static_cast<std::size_t>(words);
}

}  // namespace

Timeline first_part(const Timeline& timeline, std::size_t phones) {
  Timeline part{.text = timeline.text,
                .voice = timeline.voice,
                .language = timeline.language,
                .sample_rate_hz = timeline.sample_rate_hz,
                .length_samples = phones > 0 ? timeline.phones[phones - 1].end_samples : 0,
                .timing = timeline.timing};
  const auto words = static_cast<std::ptrdiff_t>(words_of(timeline, phones));
  part.words.assign(timeline.words.begin(), timeline.words.begin() + words);
  part.phones.assign(timeline.phones.begin(),
                     timeline.phones.begin() + static_cast<std::ptrdiff_t>(phones));
  return part;
}

std::vector<bool> word_edges(const Timeline& timeline) {
  const std::size_t count = timeline.phones.size();
  std::vector<std::int32_t> first_after(count + 1, std::numeric_limits<std::int32_t>::max());
  for (std::size_t i = count; i-- > 0;) {
    const std::int32_t word = timeline.phones[i].word;
    first_after[i] = word < 0 ? first_after[i + 1] : std::min(word, first_after[i + 1]);
  }
  std::vector<bool> edges(count + 1);
  std::int32_t last_before = -1;
  for (std::size_t i = 0; i <= count; ++i) {
    edges[i] = last_before < first_after[i];
    if (i < count) last_before = std::max(last_before, timeline.phones[i].word);
  }
  return edges;
}

Result<void> ReadingAhead::read_until(std::size_t frames) {
  while (!is_over_ && (!levels_ || levels_->frames().size() < frames)) {
    auto clause = source_();
    if (!clause) return std::unexpected(clause.error());
    if (!*clause) {
      is_over_ = true;
      if (levels_) levels_->finish();
      return {};
    }
    Timeline& said = (*clause)->timeline;
    if (!levels_) levels_.emplace(said.sample_rate_hz);
    levels_->push((*clause)->samples);
    if (kept_.text.empty()) {
      kept_ = std::move(said);
    } else {
      append(kept_, said);
    }
  }
  return {};
}

std::size_t ReadingAhead::phones_within(std::size_t frames) const {
  const std::size_t count = kept_.phones.size();
  if (!levels_ || (is_over_ && levels_->frames().size() <= frames)) return count;
  const std::vector<bool> edges = word_edges(kept_);
  std::size_t phones = 0;
  for (std::size_t i = 0; i < count && frame_of(kept_.phones[i].end_samples) <= frames; ++i) {
    if (edges[i + 1]) phones = i + 1;
  }
  return phones;
}

Features ReadingAhead::features(std::size_t phones) const {
  if (!levels_ || phones == 0) return Features({});
  const std::size_t heard = levels_->frames().size();
  const bool is_all = phones == kept_.phones.size();
  // Phones of less than a frame have one.
  const std::size_t end = std::max<std::size_t>(1, frame_of(kept_.phones[phones - 1].end_samples));
  return {levels_->frames(), is_all ? heard : std::min(heard, end)};
}

void ReadingAhead::drop(std::size_t phones) {
  const auto words = static_cast<std::int32_t>(words_of(kept_, phones));
  const std::int64_t from_samples =
      phones < kept_.phones.size() ? kept_.phones[phones].start_samples : kept_.length_samples;
  // Whole seconds: whole frames and whole samples.
  const std::int64_t from_s = from_samples / kept_.sample_rate_hz;
  const std::int64_t shift = from_s * kept_.sample_rate_hz;
  if (levels_) levels_->drop_frames(static_cast<std::size_t>(from_s * frames_per_s));
  kept_.words.erase(kept_.words.begin(), kept_.words.begin() + words);
  kept_.phones.erase(kept_.phones.begin(),
                     kept_.phones.begin() + static_cast<std::ptrdiff_t>(phones));
  kept_.length_samples -= shift;
  for (Word& word : kept_.words) {
    word.start_samples -= shift;
    word.end_samples -= shift;
  }
  for (Phone& phone : kept_.phones) {
    phone.start_samples -= shift;
    phone.end_samples -= shift;
    if (phone.word >= 0) phone.word -= words;
  }
}

std::size_t ReadingAhead::frame_of(std::int64_t samples) const {
  return static_cast<std::size_t>(samples * frames_per_s / kept_.sample_rate_hz);
}

}  // namespace vivavox
