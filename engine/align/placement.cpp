#include "engine/align/placement.h"

#include <algorithm>
#include <cmath>

#include "engine/align/spectrum.h"

namespace vivavox {

namespace {

/// The phones in the order in which they are said, contiguous.
std::vector<Phone> phones_along(const Timeline& reading, const Chain& chain,
                                std::span<const std::int32_t> path, FrameClock clock,
                                std::int64_t length_samples) {
  std::vector<Phone> phones;
  std::int32_t before = -1;
  for (std::size_t t = 0; t < path.size(); ++t) {
    const std::int32_t state = path[t];
    const std::int32_t phone = chain.states[std::size_t(state)].phone;
    const bool is_same = t > 0 && phone == chain.states[std::size_t(before)].phone;
    // Back to an earlier part: the phone begins anew.
    if (!is_same || (phone >= 0 && state < before)) {
      const std::int64_t start = std::min(length_samples, clock.samples_until(t));
      if (!phones.empty()) phones.back().end_samples = start;
      phones.push_back(phone < 0 ? Phone{} : reading.phones[std::size_t(phone)]);
      phones.back().start_samples = start;
    }
    before = state;
  }
  if (phones.empty() && length_samples > 0) phones.emplace_back();
  if (!phones.empty()) phones.back().end_samples = length_samples;
  return phones;
}

}  // namespace

std::int64_t FrameClock::samples_until(std::size_t frame) const {
  const auto start = [&](std::int64_t number) {
    return std::llround(double(number) * hop_length_samples * sample_rate_hz / spectrum_hz);
  };
  return start(first_frame + static_cast<std::int64_t>(frame)) - start(first_frame);
}

Placement placed(const Timeline& reading, const Chain& chain, std::span<const std::int32_t> path,
                 FrameClock clock, std::int64_t length_samples) {
  Placement placement{.timeline = reading, .left_out = {}, .repeated = {}};
  Timeline& timeline = placement.timeline;
  timeline.sample_rate_hz = clock.sample_rate_hz;
  timeline.length_samples = length_samples;
  timeline.timing = Timing::estimated;
  timeline.phones = phones_along(reading, chain, path, clock, length_samples);
  std::vector<bool> has_phones(timeline.words.size()), is_said(timeline.words.size());
  for (const Phone& phone : reading.phones) {
    if (phone.word >= 0 && !phone.ipa.empty()) has_phones[std::size_t(phone.word)] = true;
  }
  std::int32_t before = -1;
  for (const Phone& phone : timeline.phones) {
    if (phone.word >= 0) {
      const auto index = static_cast<std::size_t>(phone.word);
      Word& word = timeline.words[index];
      if (phone.word != before) {
        if (is_said[index]) placement.repeated.push_back(phone.word);
        if (!is_said[index]) word.start_samples = phone.start_samples;
        is_said[index] = true;
      }
      const bool is_again = !placement.repeated.empty() && placement.repeated.back() == phone.word;
      if (!is_again) word.end_samples = phone.end_samples;
    }
    before = phone.ipa.empty() ? -1 : phone.word;
  }
  std::int64_t at = 0;
  for (std::size_t i = 0; i < timeline.words.size(); ++i) {
    Word& word = timeline.words[i];
    if (!is_said[i]) {
      word.start_samples = word.end_samples = at;
      if (has_phones[i]) placement.left_out.push_back(static_cast<std::int32_t>(i));
    }
    at = word.end_samples;
  }
  std::ranges::sort(placement.repeated);
  const auto same = std::ranges::unique(placement.repeated);
  placement.repeated.erase(same.begin(), same.end());
  return placement;
}

}  // namespace vivavox
