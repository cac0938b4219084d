#include "engine/align/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace vivavox {

namespace {

constexpr int zero_crossings = 16;  ///< of the sinc, on each side
constexpr double kaiser_beta = 9;
constexpr double passband = 0.94;  ///< of the lower Nyquist rate
/// Phases that are computed once; beyond, the nearest stands for its neighbours.
constexpr std::int64_t most_phases = 512;

/// The modified Bessel function of the first kind, order 0.
double bessel(double x) {
  double sum = 1, term = 1;
  for (int k = 1; term > sum * 1e-12; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

double windowed_sinc(double x, double cutoff, double half_width) {
  const double place = x / half_width;
  if (std::abs(place) >= 1) return 0;
  const double angle = std::numbers::pi * x * cutoff;
  const double sinc = std::abs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
  return cutoff * sinc * bessel(kaiser_beta * std::sqrt(1 - place * place)) / bessel(kaiser_beta);
}

/// One filter for each phase that an output sample can have between input samples.
struct Filters {
  std::int64_t phases;
  int half_taps;
  std::vector<float> taps;

  Filters(double cutoff, std::int64_t phase_count)
      : phases(phase_count), half_taps(static_cast<int>(std::ceil(zero_crossings / cutoff))) {
    for (std::int64_t phase = 0; phase < phases; ++phase) {
      const double fraction = static_cast<double>(phase) / static_cast<double>(phases);
      for (int k = 1 - half_taps; k <= half_taps; ++k) {
        taps.push_back(static_cast<float>(windowed_sinc(k - fraction, cutoff, half_taps)));
      }
    }
  }

  float apply(std::span<const float> samples, std::int64_t at, std::int64_t phase) const {
    const float* filter = taps.data() + phase * 2 * half_taps;
    const std::int64_t first = at + 1 - half_taps;
    const std::int64_t from = std::max<std::int64_t>(0, -first);
    const std::int64_t to =
        std::min<std::int64_t>(2 * half_taps, static_cast<std::int64_t>(samples.size()) - first);
    float sum = 0;
    for (std::int64_t k = from; k < to; ++k) sum += filter[k] * samples[std::size_t(first + k)];
    return sum;
  }
};

}  // namespace

std::vector<float> resampled(std::span<const float> samples, std::int32_t from_hz,
                             std::int32_t to_hz) {
  if (from_hz == to_hz) return {samples.begin(), samples.end()};
  const double ratio = static_cast<double>(to_hz) / from_hz;
  const std::int64_t common = std::gcd(from_hz, to_hz);
  const std::int64_t step = from_hz / common, scale = to_hz / common;
  const Filters filters(passband * std::min(1.0, ratio), std::min(scale, most_phases));
  std::vector<float> out(
      static_cast<std::size_t>(std::llround(static_cast<double>(samples.size()) * ratio)));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t place = static_cast<std::int64_t>(i) * step;
    const std::int64_t phase = place % scale * filters.phases / scale;
    out[i] = filters.apply(samples, place / scale, phase);
  }
  return out;
}

}  // namespace vivavox
