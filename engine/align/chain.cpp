#include "engine/align/chain.h"

#include <algorithm>
#include <cmath>

#include "engine/align/spectrum.h"

namespace vivavox {

namespace {

// A part of a phone lasts as in the reading in the mean, at any length with the memoryless odds of
// a hidden Markov model; that counts for less than the sound does. The level is near what pauses
// cost.
constexpr double duration_weight = 0.7;
constexpr double duration_level = 0.4;
constexpr double least_part_frames = 1.3;
constexpr double skip_of_long = -3;

constexpr float pause_stays = -0.3F;
constexpr float pause_ends = -0.5F;

void set_duration(ChainState& part, double frames) {
  const double ends = 1 / std::max(least_part_frames, frames);
  part.stay = static_cast<float>(duration_level + duration_weight * std::log(1 - ends));
  part.leave = static_cast<float>(duration_level + duration_weight * std::log(ends));
  // So many of the parts that last less than a frame are in none.
  const double missed = std::max(1e-3, 1 - frames);
  part.skip = static_cast<float>(
      std::max(skip_of_long, duration_level + duration_weight * std::log(missed)));
}

}  // namespace

Chain chain_of(const Timeline& reading) {
  Chain chain;
  std::int32_t group = -1, word = -2;
  const auto add_pause = [&] {
    chain.pauses.push_back(static_cast<std::int32_t>(chain.states.size()));
    chain.states.push_back(
        {.phone = -1, .part = 0, .group = group, .stay = pause_stays, .leave = pause_ends});
  };
  for (std::int32_t i = 0; i < std::ssize(reading.phones); ++i) {
    const Phone& phone = reading.phones[static_cast<std::size_t>(i)];
    if (phone.ipa.empty()) {
      if (phone.word < 0) word = -2;
      continue;
    }
    if (phone.word != word) {
      word = phone.word;
      ++group;
      add_pause();
    }
    constexpr double frames_per_s = double(spectrum_hz) / hop_length_samples;
    const double frames = frames_per_s * reading.seconds(phone.end_samples - phone.start_samples);
    for (std::int32_t part = 0; part < parts_of_phone; ++part) {
      const auto index = static_cast<std::int32_t>(chain.states.size());
      chain.states.push_back({.phone = i, .part = part, .group = group, .sound = index});
      set_duration(chain.states.back(), frames / parts_of_phone);
    }
  }
  ++group;
  add_pause();
  return chain;
}

}  // namespace vivavox
