#include "engine/align/spectrum.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

using namespace vivavox;

TEST_CASE("a tone's power lies in its bin") {
  std::vector<float> samples(spectrum_hz / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = std::sin(2 * std::numbers::pi_v<float> * 2000 * float(i) / spectrum_hz);
  }
  const PowerSpectrum spectrum = power_spectrum(samples, 25);
  const auto loudest = std::ranges::max_element(spectrum) - spectrum.begin();
  CHECK(loudest == std::lround(2000 / bin_hz));
}

TEST_CASE("a tone's power lies in the bands around it, however many there are") {
  std::vector<float> samples(spectrum_hz / 2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = std::sin(2 * std::numbers::pi_v<float> * 2000 * float(i) / spectrum_hz);
  }
  const double low = std::log1p(60.0 / 700), high = std::log1p(7600.0 / 700);
  const double place = (std::log1p(2000.0 / 700) - low) / (high - low);
  for (const std::size_t count : {26UL, 40UL}) {
    std::vector<float> levels(count);
    MelBands(count).put_levels(power_spectrum(samples, 25), levels);
    const auto loudest = std::ranges::max_element(levels) - levels.begin();
    CHECK(std::abs(double(loudest + 1) - place * double(count + 1)) < 1);
  }
}
