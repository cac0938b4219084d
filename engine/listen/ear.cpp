#include "engine/listen/ear.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

// The training's own (tests/bench/align/train_ear.py).
constexpr float rise = 0.4F;  ///< of the loudest level, a frame
constexpr float fall_db = 0.06F;
constexpr float fall_in_quiet_db = 0.005F;
constexpr float quiet_below_db = 30;
constexpr float least_loudest_db = -15;
constexpr float middle_below_db = 25;
constexpr float unit_db = 20;
constexpr float most_level = 3;

/// How likely lips must be shut, or on the teeth, to begin to be so, and to be so wholly.
struct Firmness {
  float from, to;
};
constexpr Firmness shut{0.15F, 0.35F}, on_teeth{0.2F, 0.5F};
/// After so many seconds of silence a mouth that was held goes to rest, and is at rest, as in a
/// pause of a Timeline.
constexpr Firmness rest_after_s{0.3F, 0.5F};

double firm(const Firmness& firmness, float value) {
  const float x = std::clamp((value - firmness.from) / (firmness.to - firmness.from), 0.0F, 1.0F);
  return static_cast<double>(x * x * (3 - 2 * x));
}

std::array<float, viseme_count> probabilities(std::span<const float, viseme_count> logits) {
  std::array<float, viseme_count> shares{};
  const float most = std::ranges::max(logits);
  float sum = 0;
  for (std::size_t i = 0; i < viseme_count; ++i) sum += shares[i] = std::exp(logits[i] - most);
  for (float& share : shares) share /= sum;
  return shares;
}

/// In hundredths, as a Timeline is written.
double rounded(double value) {
  return std::round(std::clamp(value, 0.0, 1.0) * 100) / 100;
}

}  // namespace

Ear::Ear(std::int32_t sample_rate_hz)
    : sample_rate_hz_(sample_rate_hz), levels_(sample_rate_hz), network_(ear_weights()) {}

std::vector<HeardMoment> Ear::push(std::span<const float> samples) {
  return hear(levels_.push(samples));
}

std::vector<HeardMoment> Ear::finish() {
  std::vector<HeardMoment> moments = hear(levels_.finish());
  static constexpr EarLevels silence = [] {
    EarLevels levels{};
    levels.fill(-100);
    return levels;
  }();
  const auto last = hear(std::vector<EarLevels>(ear_look_ahead, silence));
  moments.insert(moments.end(), last.begin(), last.end());
  return moments;
}

std::vector<HeardMoment> Ear::hear(const std::vector<EarLevels>& frames) {
  std::vector<HeardMoment> moments;
  for (const EarLevels& frame : frames) {
    const std::span<const float> heard = network_.step(relative(frame));
    if (heard.empty()) continue;
    HeardMoment& one = moments.emplace_back();
    const double middle_s =
        (static_cast<double>(next_frame_) + 0.5) * hop_length_samples / spectrum_hz;
    one.moment.at_samples = std::llround(middle_s * sample_rate_hz_);
    next_frame_ += 2;
    const auto shares = probabilities(heard.subspan(heard_channel_count).first<viseme_count>());
    one.viseme = static_cast<Viseme>(std::ranges::max_element(shares) - shares.begin());
    Mouth& mouth = one.moment.mouth;
    silence_s_ = one.viseme == Viseme::sil ? silence_s_ + moment_s : 0;
    const double stirred = 1 - firm(rest_after_s, static_cast<float>(silence_s_));
    for (std::size_t i = 0; i < heard_channel_count; ++i) {
      mouth[static_cast<Channel>(i)] = stirred * static_cast<double>(heard[i]);
    }
    const auto at_least = [&](Channel channel, double value) {
      mouth[channel] = std::max(mouth[channel], value);
    };
    at_least(Channel::seal, firm(shut, shares[std::size_t(Viseme::PP)]));
    at_least(Channel::tuck, firm(on_teeth, shares[std::size_t(Viseme::FF)]));
    for (std::size_t i = 0; i < heard_channel_count; ++i) {
      mouth[static_cast<Channel>(i)] = rounded(mouth[static_cast<Channel>(i)]);
    }
  }
  return moments;
}

/// Levels beside the loudest of late, so that loud and quiet voices are heard alike.
EarLevels Ear::relative(const EarLevels& levels) {
  const float level_db = total_db(levels);
  if (level_db > loudest_db_) {
    loudest_db_ += rise * (level_db - loudest_db_);
  } else {
    loudest_db_ -= level_db > loudest_db_ - quiet_below_db ? fall_db : fall_in_quiet_db;
  }
  loudest_db_ = std::max(loudest_db_, least_loudest_db);
  EarLevels relative{};
  for (std::size_t i = 0; i < ear_bands; ++i) {
    relative[i] =
        std::clamp((levels[i] - loudest_db_ + middle_below_db) / unit_db, silent_level, most_level);
  }
  return relative;
}

}  // namespace vivavox
