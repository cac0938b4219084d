#include "engine/align/confidence.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace vivavox {

namespace {

/// Measured over recordings of people in five languages by scripts/alignbench.
constexpr double even_share = 0.45;
constexpr double steepness = 15;
/// Shorter stretches vary too much to say anything.
constexpr std::size_t stretch_frames = 400;
constexpr double unlike_share = 0.2;

/// One says enough of a long recording.
constexpr std::size_t long_frames = 12000;

/// Places of the chain's phones, as their first states: backwards, or mixed by `seed`.
std::vector<std::size_t> another_order(std::vector<std::size_t> places, std::uint32_t seed) {
  if (seed == 0) {
    std::ranges::reverse(places);
    return places;
  }
  // Numerical Recipes' generator: the same everywhere.
  for (std::size_t i = places.size(); i > 1; --i) {
    seed = seed * 1664525 + 1013904223;
    std::swap(places[i - 1], places[(seed >> 8U) % i]);
  }
  return places;
}

/// A text whose phones are another's in another order.
Chain reordered(const Chain& chain, std::uint32_t seed) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    if (chain.states[i].phone >= 0 && chain.states[i].part == 0) places.push_back(i);
  }
  const std::vector<std::size_t> others = another_order(places, seed);
  Chain other = chain;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t part = 0; part < parts_of_phone; ++part) {
      const std::size_t to = places[i] + part, from = others[i] + part;
      other.states[to].sound = chain.states[from].sound;
      other.states[to].stay = chain.states[from].stay;
      other.states[to].leave = chain.states[from].leave;
      other.states[to].skip = chain.states[from].skip;
    }
  }
  return other;
}

}  // namespace

std::vector<float> advantages(const Chain& chain, const SoundModel& model, const Features& features,
                              const Way& way, Ending ending) {
  std::vector<float> gains(way.states.size());
  const std::uint32_t other_orders = way.states.size() > long_frames ? 1 : 2;
  for (std::uint32_t seed = 0; seed < other_orders; ++seed) {
    const Way other = find_way(reordered(chain, seed), model, features, ending);
    for (std::size_t t = 0; t < other.fits.size(); ++t) {
      gains[t] += (way.fits[t] - other.fits[t]) / float(other_orders);
    }
  }
  return gains;
}

void AdvantageSums::add(std::span<const float> advantages) {
  for (const float advantage : advantages) {
    sum += double(advantage);
    sizes += std::abs(double(advantage));
  }
}

double confidence_of(const AdvantageSums& sums) {
  const double share = sums.sizes > 0 ? sums.sum / sums.sizes : 0;
  return 1 / (1 + std::exp(-steepness * (share - even_share)));
}

std::optional<Stretch> unlike_stretch(const Chain& chain, std::span<const std::int32_t> path,
                                      std::span<const float> advantages) {
  struct Moment {
    std::size_t frame;
    double sum, sizes;  ///< of all advantages before it
  };
  std::vector<Moment> spoken;
  double sum = 0, sizes = 0;
  for (std::size_t t = 0; t < advantages.size(); ++t) {
    if (!chain.is_pause(path[t])) spoken.push_back({t, sum, sizes});
    sum += double(advantages[t]);
    sizes += std::abs(double(advantages[t]));
  }
  Stretch longest, current;
  for (std::size_t i = stretch_frames; i < spoken.size(); ++i) {
    const Moment &from = spoken[i - stretch_frames], &to = spoken[i];
    if (to.sum - from.sum >= unlike_share * (to.sizes - from.sizes)) continue;
    if (current.end <= from.frame) current.begin = from.frame;
    current.end = to.frame;
    if (current.end - current.begin > longest.end - longest.begin) longest = current;
  }
  if (longest.end == 0) return std::nullopt;
  return longest;
}

}  // namespace vivavox
