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
