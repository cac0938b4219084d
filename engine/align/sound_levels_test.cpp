#include "engine/align/sound_levels.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace vivavox;

namespace {

std::vector<float> noise(std::size_t length) {
  std::vector<float> samples(length);
  unsigned state = 5;
  for (float& sample : samples) {
    state = state * 1664525 + 1013904223;
    sample = float(state >> 8) / float(1 << 24) - 0.5F;
  }
  return samples;
}

}  // namespace

TEST_CASE("levels are the same whether a sound comes whole or in pieces") {
  const std::int32_t rate_hz = GENERATE(8000, 16000, 22050, 44100, 48000, 44099);
  const std::vector<float> samples = noise(static_cast<std::size_t>(1.234 * rate_hz));
  const SoundLevels whole(samples, rate_hz);
  CHECK(whole.length_samples() == std::ssize(samples));
  REQUIRE(whole.frames().size() == 124);
  for (const std::size_t piece : {1UL, 441UL, 5000UL}) {
    SoundLevels levels(rate_hz);
    for (std::size_t at = 0; at < samples.size(); at += piece) {
      levels.push(std::span(samples).subspan(at, std::min(piece, samples.size() - at)));
    }
    levels.finish();
    CAPTURE(rate_hz, piece);
    CHECK(std::ranges::equal(levels.frames(), whole.frames()));
  }
}

TEST_CASE("levels of a long sound are those of its parts") {
  const std::vector<float> samples = noise(spectrum_hz * 32);  // more than is taken at once
  const SoundLevels whole(samples, spectrum_hz);
  REQUIRE(whole.frames().size() == 3200);
  constexpr std::size_t first = 2900;
  const SoundLevels part(
      std::span(samples).subspan(first * hop_length_samples, 200 * hop_length_samples),
      spectrum_hz);
  for (std::size_t frame = 2; frame < 198; ++frame) {
    CHECK(whole.frames()[first + frame] == part.frames()[frame]);
  }
}
