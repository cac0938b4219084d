#include "engine/align/sound_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace vivavox {

namespace {

constexpr float people_share = 0.6F;
constexpr float own_share = 0.5F;
constexpr float variance_floor = 0.6F;
constexpr float pause_variance = 0.05F;

Feature blend(const Feature& a, const Feature& b, float share_of_a) {
  Feature blended{};
  for (std::size_t k = 0; k < feature_size; ++k) {
    blended[k] = share_of_a * a[k] + (1 - share_of_a) * b[k];
  }
  return blended;
}

/// Frames [first, last] of a phone's part in the reading; at least one.
struct Frames {
  std::size_t first, last;
};

Frames frames_of(const Phone& phone, std::int32_t part, double frames_per_sample,
                 std::size_t frame_count) {
  const double start = double(phone.start_samples) * frames_per_sample;
  const double length = double(phone.end_samples - phone.start_samples) * frames_per_sample;
  const auto edge = [&](std::int32_t parts) {
    return std::lround(start + length * parts / parts_of_phone);
  };
  const auto last_frame = static_cast<std::ptrdiff_t>(frame_count) - 1;
  const auto first = std::clamp<std::ptrdiff_t>(edge(part), 0, last_frame);
  const auto last = std::clamp<std::ptrdiff_t>(edge(part + 1) - 1, first, last_frame);
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(last)};
}

}  // namespace

Gaussian pause_of(const Features& features) {
  Sums quiet;
  for (std::size_t t = 0; t < features.size(); ++t) {
    if (!features.is_loud(t)) quiet.add(features[t]);
  }
  Gaussian pause{quiet.mean(), quiet.variance()};
  for (float& variance : pause.variance) variance += pause_variance;
  return pause;
}

SoundModel model_of_reading(const Chain& chain, const Timeline& reading, const Features& features,
                            const PhoneSounds& people) {
  SoundModel model{.means = std::vector<Feature>(chain.states.size()),
                   .variance = {},
                   .pause = pause_of(features)};
  const double frames_per_sample =
      double(spectrum_hz) / hop_length_samples / reading.sample_rate_hz;
  // What a phone is like in this reading, wherever it occurs.
  std::map<std::pair<std::string_view, std::int32_t>, Sums> pooled;
  Sums within;
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    const ChainState& state = chain.states[i];
    if (state.phone < 0) continue;
    const Phone& phone = reading.phones[std::size_t(state.phone)];
    const auto [first, last] = frames_of(phone, state.part, frames_per_sample, features.size());
    Sums heard;
    for (std::size_t t = first; t <= last; ++t) heard.add(features[t]);
    model.means[i] = heard.mean();
    within.add(heard.variance(), heard.count());
    pooled[{phone.ipa, state.part}].add(model.means[i]);
  }
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    const ChainState& state = chain.states[i];
    if (state.phone < 0) continue;
    const std::string& ipa = reading.phones[std::size_t(state.phone)].ipa;
    Feature& mean = model.means[i];
    mean = blend(mean, pooled[{ipa, state.part}].mean(), own_share);
    if (const PhoneSound* usual = find_sound(people, ipa)) {
      mean = blend(usual->parts[std::size_t(state.part)].mean, mean, people_share);
    }
  }
  model.variance = within.mean();
  for (float& variance : model.variance) variance += variance_floor;
  return model;
}

}  // namespace vivavox
