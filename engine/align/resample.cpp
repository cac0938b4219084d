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

}  // namespace

Resampler::Resampler(std::int32_t from_hz, std::int32_t to_hz) : from_hz_(from_hz), to_hz_(to_hz) {
  if (from_hz == to_hz) return;
  const std::int64_t common = std::gcd(from_hz, to_hz);
  step_ = from_hz / common;
  scale_ = to_hz / common;
  const double cutoff = passband * std::min(1.0, static_cast<double>(to_hz) / from_hz);
  phases_ = std::min(scale_, most_phases);
  half_taps_ = static_cast<int>(std::ceil(zero_crossings / cutoff));
  // One filter for each phase that an output sample can have between input samples.
  for (std::int64_t phase = 0; phase < phases_; ++phase) {
    const double fraction = static_cast<double>(phase) / static_cast<double>(phases_);
    for (int k = 1 - half_taps_; k <= half_taps_; ++k) {
      taps_.push_back(static_cast<float>(windowed_sinc(k - fraction, cutoff, half_taps_)));
    }
  }
}

std::size_t Resampler::size_of(std::size_t samples) const {
  const double ratio = static_cast<double>(to_hz_) / from_hz_;
  return static_cast<std::size_t>(std::llround(static_cast<double>(samples) * ratio));
}

std::vector<float> Resampler::part(std::span<const float> samples, std::size_t first,
                                   std::size_t count) const {
  if (scale_ == 0) {
    const auto chosen = samples.subspan(first, count);
    return {chosen.begin(), chosen.end()};
  }
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t place = static_cast<std::int64_t>(first + i) * step_;
    const std::int64_t phase = place % scale_ * phases_ / scale_;
    const float* filter = taps_.data() + phase * 2 * half_taps_;
    const std::int64_t start = place / scale_ + 1 - half_taps_;
    const std::int64_t from = std::max<std::int64_t>(0, -start);
    const std::int64_t to =
        std::min<std::int64_t>(2 * half_taps_, static_cast<std::int64_t>(samples.size()) - start);
    float sum = 0;
    for (std::int64_t k = from; k < to; ++k) sum += filter[k] * samples[std::size_t(start + k)];
    out[i] = sum;
  }
  return out;
}

std::vector<float> resampled(std::span<const float> samples, std::int32_t from_hz,
                             std::int32_t to_hz) {
  const Resampler resampler(from_hz, to_hz);
  return resampler.part(samples, 0, resampler.size_of(samples.size()));
}

}  // namespace vivavox
