#include "engine/listen/ear_levels.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

using namespace vivavox;

namespace {

std::vector<float> chirp(std::int32_t rate_hz, double length_s) {
  std::vector<float> samples(static_cast<std::size_t>(length_s * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = double(i) / rate_hz;
    samples[i] = static_cast<float>(0.3 * std::sin(2 * 3.14159265 * (200 + 900 * t) * t));
  }
  return samples;
}

std::vector<EarLevels> levels_of(std::span<const float> samples, std::int32_t rate_hz,
                                 std::size_t piece) {
  EarLevelStream stream(rate_hz);
  std::vector<EarLevels> all;
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    const auto levels = stream.push(samples.subspan(at, std::min(piece, samples.size() - at)));
    all.insert(all.end(), levels.begin(), levels.end());
  }
  const auto last = stream.finish();
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

}  // namespace

TEST_CASE("levels are the same however the sound is cut") {
  const std::int32_t rate_hz = GENERATE(8000, 16000, 22050, 44100, 48000, 44099);
  const std::vector<float> sound = chirp(rate_hz, 1.234);
  const auto whole = levels_of(sound, rate_hz, sound.size());
  REQUIRE(whole.size() == 124);
  for (const std::size_t piece : {1UL, 128UL, 441UL, 5000UL}) {
    CAPTURE(rate_hz, piece);
    CHECK(levels_of(sound, rate_hz, piece) == whole);
  }
}

TEST_CASE("a frame is known 13 ms after its middle and the reach of the resampler") {
  const std::int32_t rate_hz = 48000;
  const std::vector<float> sound = chirp(rate_hz, 1);
  EarLevelStream stream(rate_hz);
  std::size_t frames = 0;
  for (std::size_t at = 0; at < sound.size(); at += 48) {
    frames += stream.push(std::span(sound).subspan(at, 48)).size();
    const double heard_s = double(at + 48) / rate_hz;
    CHECK(double(frames) * 0.01 > heard_s - 0.02);
  }
}
