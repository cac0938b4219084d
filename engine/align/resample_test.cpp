#include "engine/align/resample.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

using Catch::Approx;
using namespace vivavox;

namespace {

std::vector<float> tone(double hz, int rate_hz, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] =
        static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hz * double(i) / rate_hz));
  }
  return samples;
}

/// The amplitude at one frequency, away from the ends (Goertzel).
double amplitude(const std::vector<float>& samples, double hz, int rate_hz) {
  double real = 0, imaginary = 0;
  std::size_t count = 0;
  for (std::size_t i = samples.size() / 4; i < samples.size() * 3 / 4; ++i, ++count) {
    const double angle = 2 * std::numbers::pi * hz * double(i) / rate_hz;
    real += samples[i] * std::cos(angle);
    imaginary += samples[i] * std::sin(angle);
  }
  return 2 * std::hypot(real, imaginary) / double(count);
}

double loudest(const std::vector<float>& samples) {
  double most = 0;
  for (std::size_t i = samples.size() / 4; i < samples.size() * 3 / 4; ++i) {
    most = std::max(most, std::abs(double(samples[i])));
  }
  return most;
}

}  // namespace

TEST_CASE("a tone keeps its pitch and level at another rate") {
  for (const int to_hz : {8000, 16000, 24000, 44100, 48000}) {
    const std::vector<float> out = resampled(tone(1000, 22050, 1), 22050, to_hz);
    CHECK(std::abs(std::ssize(out) - to_hz) <= 1);
    CHECK(amplitude(out, 1000, to_hz) == Approx(0.5).margin(0.003));
    CHECK(loudest(out) < 0.505);
  }
}

TEST_CASE("what the lower rate cannot hold is gone, not folded back") {
  const std::vector<float> out = resampled(tone(10000, 44100, 1), 44100, 16000);
  CHECK(20 * std::log10(loudest(out) / 0.5) < -60);
}

TEST_CASE("the same rate changes nothing, and nothing stays nothing") {
  const std::vector<float> samples = tone(440, 16000, 0.1);
  CHECK(resampled(samples, 16000, 16000) == samples);
  CHECK(resampled({}, 22050, 16000).empty());
}
