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
  const auto spectra = power_spectra(samples);
  REQUIRE(spectra.size() == 50);
  const auto loudest = std::ranges::max_element(spectra[25]) - spectra[25].begin();
  CHECK(loudest == std::lround(2000 / bin_hz));
  CHECK(levels_db(samples)[25] < -2.9);
  CHECK(levels_db(samples)[25] > -3.1);
}

TEST_CASE("bands of a long sound are those of its parts") {
  std::vector<float> samples(spectrum_hz * 32);  // more than is taken at once
  unsigned state = 5;
  for (float& sample : samples) {
    state = state * 1664525 + 1013904223;
    sample = float(state >> 8) / float(1 << 24) - 0.5F;
  }
  const auto whole = band_levels(samples, spectrum_hz);
  REQUIRE(whole.size() == 3200);
  const std::size_t first = 2900 * hop_length_samples;
  const auto part = band_levels(
      std::span<const float>(samples).subspan(first, 200 * hop_length_samples), spectrum_hz);
  for (std::size_t frame = 2; frame < 198; ++frame) CHECK(whole[2900 + frame] == part[frame]);
}
