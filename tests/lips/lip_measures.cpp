#include "tests/lips/lip_measures.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace vivavox {

namespace {

constexpr double step_s = 0.01;
constexpr double window_s = 0.025;  ///< of the level
constexpr double quiet_db = -60;
constexpr double lag_max_s = 0.2;
constexpr double jitter_from_hz = 12;
constexpr double boundary_reach_s = 0.15;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// From a time up to another.
std::vector<double> times_s(double from_s, double to_s, double every_s) {
  std::vector<double> result;
  const auto count = static_cast<int>(std::ceil((to_s - from_s) / every_s));
  for (int i = 0; i < count; ++i) result.push_back(from_s + i * every_s);
  return result;
}

/// Pearson's correlation; 0 where one of both does not move.
double correlation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += std::pow(a[i] - mean_a, 2);
    bb += std::pow(b[i] - mean_b, 2);
  }
  return aa * bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double level_db(const Timeline& timeline, std::span<const float> samples, double t_s) {
  const auto at = [&](double s) {
    const auto i = static_cast<std::ptrdiff_t>(s * timeline.sample_rate_hz);
    return static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(samples.size())));
  };
  const auto window =
      samples.subspan(at(t_s - window_s / 2), at(t_s + window_s / 2) - at(t_s - window_s / 2));
  double power = 0;
  for (const float sample : window) power += std::pow(static_cast<double>(sample), 2);
  power /= std::max<double>(1, static_cast<double>(window.size()));
  return std::max(quiet_db, 10 * std::log10(std::max(power, 1e-9)));
}

/// How much of the energy of a signal's changes is above a frequency.
double energy_above(std::span<const double> signal, double from_hz) {
  std::vector<double> change;
  for (std::size_t i = 1; i < signal.size(); ++i) change.push_back(signal[i] - signal[i - 1]);
  const std::size_t count = change.size();
  double above = 0, all = 0;
  for (std::size_t k = 1; k <= count / 2; ++k) {
    double real = 0, imaginary = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double angle =
          2 * std::numbers::pi * static_cast<double>(k * i % count) / static_cast<double>(count);
      real += change[i] * std::cos(angle);
      imaginary += change[i] * std::sin(angle);
    }
    const double energy = real * real + imaginary * imaginary;
    all += energy;
    const double frequency_hz = static_cast<double>(k) / (static_cast<double>(count) * step_s);
    if (frequency_hz > from_hz) above += energy;
  }
  return all > 0 ? above / all : 0;
}

struct Frames {
  std::vector<double> opening_m;
  std::vector<double> level_db;
};

/// Looks at the mouth while something is said, from the first phone to the last.
Frames frames_of(const Timeline& timeline, std::span<const float> samples, const WeightsAt& weights,
                 MouthMesh& mesh, LipMeasures& result) {
  Frames frames;
  std::optional<MouthLook> before;
  const auto faster = [](double& most, float3 here, float3 there) {
    most = std::max(most, static_cast<double>(distance(here, there)) / step_s);
  };
  const auto spoken = sounds(timeline);
  for (const double t_s : times_s(spoken.front().start_s, spoken.back().end_s, step_s)) {
    const MouthLook look = mesh.look(weights(t_s));
    frames.opening_m.push_back(look.opening_m);
    frames.level_db.push_back(level_db(timeline, samples, t_s));
    if (before) {
      faster(result.jaw_speed_max_m_per_s, look.jaw, before->jaw);
      faster(result.lower_lip_speed_max_m_per_s, look.lower_lip, before->lower_lip);
      faster(result.upper_lip_speed_max_m_per_s, look.upper_lip, before->upper_lip);
      faster(result.tongue_speed_max_m_per_s, look.tongue, before->tongue);
      result.speeds_m_per_s.push_back(
          static_cast<double>(distance(look.lower_lip, before->lower_lip)) / step_s);
    }
    before = look;
  }
  return frames;
}

/// The shift at which opening and level fit best.
double best_lag_s(const Frames& frames) {
  const auto most = static_cast<int>(lag_max_s / step_s);
  const auto count = static_cast<int>(frames.opening_m.size());
  const std::span opening(frames.opening_m), level(frames.level_db);
  double best = -2;
  int best_lag = 0;
  for (int lag = -most; lag <= most; ++lag) {
    const auto length = static_cast<std::size_t>(count - std::abs(lag));
    const auto late = static_cast<std::size_t>(std::max(lag, 0));
    const auto early = static_cast<std::size_t>(std::max(-lag, 0));
    const double fit = correlation(opening.subspan(late, length), level.subspan(early, length));
    if (fit > best) {
      best = fit;
      best_lag = lag;
    }
  }
  return best_lag * step_s;
}

bool is_labial(const Articulation& sound) {
  return closes_lips(sound) ||
         (sound.place == Place::labiodental && sound.manner == Manner::fricative);
}

double middle_s(const Sound& sound) {
  return (sound.start_s + sound.end_s) / 2;
}

/// When the mouth is half as open as between its look in the vowel and in the labial, nearest the
/// boundary; as wrong as may be where it never is.
double boundary_error_s(const Sound& left, const Sound& right, const WeightsAt& weights,
                        MouthMesh& mesh) {
  constexpr double fine_s = 0.002;
  const auto opening_m = [&](double t_s) { return mesh.look(weights(t_s)).opening_m; };
  const double half_m = (opening_m(middle_s(left)) + opening_m(middle_s(right))) / 2;
  const bool closing = is_labial(right.articulation);
  const double boundary_s = right.start_s;
  double nearest_s = boundary_reach_s;
  const double from_s = boundary_s - boundary_reach_s;
  double before_m = opening_m(from_s);
  for (const double t_s : times_s(from_s + fine_s, boundary_s + boundary_reach_s, fine_s)) {
    const double here_m = opening_m(t_s);
    const bool crosses =
        closing ? before_m > half_m && here_m <= half_m : before_m < half_m && here_m >= half_m;
    if (crosses) nearest_s = std::min(nearest_s, std::abs(t_s - boundary_s));
    before_m = here_m;
  }
  return nearest_s;
}

}  // namespace

LipMeasures measure(const Timeline& timeline, std::span<const float> samples,
                    const WeightsAt& weights, LipTargets& targets) {
  LipMeasures result;
  const std::vector<Sound> spoken = sounds(timeline);
  const Frames frames = frames_of(timeline, samples, weights, targets.mesh(), result);
  if (frames.opening_m.size() > 2 * static_cast<std::size_t>(lag_max_s / step_s)) {
    result.loudness_correlation = correlation(frames.opening_m, frames.level_db);
    result.lag_s = best_lag_s(frames);
    result.jitter = energy_above(frames.opening_m, jitter_from_hz);
  }
  for (std::size_t i = 1; i < spoken.size(); ++i) {
    const Sound& left = spoken[i - 1];
    const Sound& right = spoken[i];
    const bool vowel_and_labial = (is_vowel(left.articulation) && is_labial(right.articulation)) ||
                                  (is_labial(left.articulation) && is_vowel(right.articulation));
    if (vowel_and_labial && right.start_s - left.end_s < step_s) {
      result.boundary_errors_s.push_back(boundary_error_s(left, right, weights, targets.mesh()));
    }
  }
  return result;
}

std::vector<double> lip_vertex_errors_m2(double duration_s, const WeightsAt& a, const WeightsAt& b,
                                         MouthMesh& mesh) {
  std::vector<double> errors;
  for (const double t_s : times_s(0, duration_s, step_s)) {
    const auto here = mesh.lips(a(t_s));
    const auto there = mesh.lips(b(t_s));
    double most = 0;
    for (std::size_t i = 0; i < here.size(); ++i) {
      most = std::max(most, std::pow(static_cast<double>(distance(here[i], there[i])), 2));
    }
    errors.push_back(most);
  }
  return errors;
}

}  // namespace vivavox
