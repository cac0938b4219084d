// Randomness that is a pure function: the same on every platform, at any time,
// in any order.
#pragma once

#include <cmath>
#include <cstdint>

namespace vivavox {

/// Which of the face's independent random sequences is meant.
enum class Stream : std::uint32_t {
  blink_time,
  blink_double,
  glance_time,
  glance_length,
  glance_yaw,
  glance_pitch,
  glance_taken,
  fixation_yaw,
  fixation_pitch,
  head_pitch,
  head_yaw,
  head_roll,
  accent_nod,
  accent_turn,
  accent_brow,
  jaw_effort,
  lip_effort,
  uneven,
};

/// The `index`-th number of a sequence, uniform in [0, 1). The mixing is
/// SplitMix64's (Steele, Lea and Flood, OOPSLA 2014).
inline double uniform(std::uint32_t seed, Stream stream, std::int64_t index) {
  std::uint64_t bits =
      (static_cast<std::uint64_t>(seed) << 32 | static_cast<std::uint32_t>(stream)) *
          0x9E3779B97F4A7C15U +
      static_cast<std::uint64_t>(index) * 0xD1B54A32D192ED03U;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
  bits ^= bits >> 31;
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

/// Uniform in [low, high).
inline double uniform(std::uint32_t seed, Stream stream, std::int64_t index, double low,
                      double high) {
  return low + (high - low) * uniform(seed, stream, index);
}

/// Smooth noise in about [−1, 1], twice continuously differentiable, one random
/// value per unit of x: a uniform cubic B-spline through the sequence.
inline double noise(std::uint32_t seed, Stream stream, double x) {
  const double floor = std::floor(x);
  const auto i = static_cast<std::int64_t>(floor);
  const double f = x - floor;
  const double g = 1 - f;
  const auto value = [&](std::int64_t k) { return uniform(seed, stream, k, -1.5, 1.5); };
  return (g * g * g * value(i - 1) + (3 * f * f * f - 6 * f * f + 4) * value(i) +
          (3 * g * g * g - 6 * g * g + 4) * value(i + 1) + f * f * f * value(i + 2)) /
         6;
}

/// 0 before 0, 1 after 1, and a C1 rise between.
inline double smoothstep(double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * (3 - 2 * x);
}

}  // namespace vivavox
