#include "engine/align/features.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/align/sound_levels.h"

using namespace vivavox;

TEST_CASE("features have mean 0 and variance 1 over what is loud") {
  std::vector<float> samples(spectrum_hz);
  unsigned state = 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    state = state * 1664525 + 1013904223;
    samples[i] = (float(state >> 8) / float(1 << 24) - 0.5F) * float(i % 4000) / 4000;
  }
  const SoundLevels levels(samples, spectrum_hz);
  const Features features(levels.frames());
  REQUIRE(features.size() == 100);
  REQUIRE(features.loud_frames() > 50);
  for (std::size_t k = 0; k < feature_size; ++k) {
    double sum = 0, squares = 0;
    for (std::size_t t = 0; t < features.size(); ++t) {
      if (!features.is_loud(t)) continue;
      sum += features[t][k];
      squares += double(features[t][k]) * features[t][k];
    }
    const auto count = double(features.loud_frames());
    CHECK(std::abs(sum / count) < 1e-3);
    CHECK(std::abs(squares / count - 1) < 1e-2);
  }
}
