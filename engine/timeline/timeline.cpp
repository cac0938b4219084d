#include "engine/timeline/timeline.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace vivavox {

void append(Timeline& timeline, const Timeline& clause) {
  const auto first_word = static_cast<std::int32_t>(timeline.words.size());
  const std::int64_t shift = timeline.length_samples;
  std::uint32_t text_shift = 0;
  if (clause.text != timeline.text) {
    text_shift = static_cast<std::uint32_t>(timeline.text.size());
    timeline.text += clause.text;
  }
  for (Word word : clause.words) {
    word.begin_bytes += text_shift;
    word.end_bytes += text_shift;
    word.start_samples += shift;
    word.end_samples += shift;
    timeline.words.push_back(word);
  }
  for (Phone phone : clause.phones) {
    phone.start_samples += shift;
    phone.end_samples += shift;
    if (phone.word >= 0) phone.word += first_word;
    timeline.phones.push_back(std::move(phone));
  }
  for (const auto& [at_samples, mouth] : clause.mouth) {
    timeline.mouth.push_back({at_samples + shift, mouth});
  }
  timeline.length_samples += clause.length_samples;
  if (clause.timing == Timing::estimated) timeline.timing = Timing::estimated;
}

namespace {

/// A Timeline's phones between two times, cut there.
std::vector<Phone> phones_between(std::span<const Phone> phones, std::int64_t from,
                                  std::int64_t to) {
  std::vector<Phone> between;
  for (Phone phone : phones) {
    phone.start_samples = std::max(phone.start_samples, from);
    phone.end_samples = std::min(phone.end_samples, to);
    if (phone.start_samples < phone.end_samples) between.push_back(std::move(phone));
  }
  return between;
}

}  // namespace

void revise(Timeline& timeline, const Timeline& known, std::int64_t start_samples,
            std::int64_t from_samples) {
  Timeline moved{.sample_rate_hz = timeline.sample_rate_hz,
                 .length_samples = std::max<std::int64_t>(0, start_samples)};
  append(moved, known);
  const std::int64_t from = std::max(from_samples, start_samples);
  const std::int64_t to = std::min(moved.length_samples, timeline.length_samples);
  if (from >= to) return;
  std::vector<Phone> phones = phones_between(timeline.phones, 0, from);
  const auto first_word = static_cast<std::int32_t>(timeline.words.size());
  for (Phone& phone : phones_between(moved.phones, from, to)) {
    if (phone.word >= 0) phone.word += first_word;
    phones.push_back(std::move(phone));
  }
  std::ranges::move(phones_between(timeline.phones, to, timeline.length_samples),
                    std::back_inserter(phones));
  timeline.phones = std::move(phones);
  const auto text_bytes = static_cast<std::uint32_t>(timeline.text.size());
  timeline.text += moved.text;
  for (Word word : moved.words) {
    word.begin_bytes += text_bytes;
    word.end_bytes += text_bytes;
    timeline.words.push_back(word);
  }
  std::erase_if(timeline.mouth, [&](const MouthMoment& moment) {
    return moment.at_samples >= from && moment.at_samples < to;
  });
}

}  // namespace vivavox
