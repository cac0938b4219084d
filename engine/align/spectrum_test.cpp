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

TEST_CASE("cepstra are normalised over the sound") {
  std::vector<float> samples(spectrum_hz);
  unsigned state = 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    state = state * 1664525 + 1013904223;
    samples[i] = (float(state >> 8) / float(1 << 24) - 0.5F) * float(i % 4000) / 4000;
  }
  const auto frames = cepstra(power_spectra(samples));
  for (std::size_t k = 0; k < cepstrum_size; ++k) {
    double sum = 0, squares = 0;
    for (const Cepstrum& frame : frames) {
      sum += frame[k];
      squares += double(frame[k]) * frame[k];
    }
    CHECK(std::abs(sum / double(frames.size())) < 1e-3);
    CHECK(std::abs(squares / double(frames.size()) - 1) < 1e-3);
  }
}
