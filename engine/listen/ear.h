// What a mouth does that is only heard.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/face/visemes.h"
#include "engine/listen/ear_levels.h"
#include "engine/listen/ear_network.h"
#include "engine/timeline/mouth.h"

namespace vivavox {

/// The mouth at a moment of the sound, and the viseme that it is likeliest in.
struct HeardMoment {
  MouthMoment moment;
  Viseme viseme = Viseme::sil;
};

/// Moments are so far apart.
inline constexpr double moment_s = 0.02;

/// Follows sound of any voice and language as it comes, without its words: a small network
/// (scripts/train-ear, docs/listening.md) that knows a moment 45 ms after it was heard. What it
/// says is the same however the sound is cut into pieces.
class Ear {
 public:
  /// Of mono sound at 3000 to 384,000 Hz.
  explicit Ear(std::int32_t sample_rate_hz);

  /// The moments that are known by now, in order. Their times count from the first sample.
  std::vector<HeardMoment> push(std::span<const float> samples);

  /// Those that are left, silence following.
  std::vector<HeardMoment> finish();

 private:
  std::vector<HeardMoment> hear(const std::vector<EarLevels>& frames);
  EarLevels relative(const EarLevels& levels);

  std::int32_t sample_rate_hz_;
  EarLevelStream levels_;
  EarNetwork network_;
  float loudest_db_ = 0;
  double silence_s_ = 1;
  std::int64_t next_frame_ = 0;
};

}  // namespace vivavox
