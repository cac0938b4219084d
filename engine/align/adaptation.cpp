#include "engine/align/adaptation.h"

#include <array>
#include <cmath>

namespace vivavox {

namespace {

constexpr float variance_floor = 0.3F;
constexpr float ridge = 100;
constexpr float variance_weight = 200;

constexpr std::size_t inputs = feature_size + 1;  ///< a mean, and 1 for the shift
using Square = std::array<std::array<double, inputs>, inputs>;
using AffineMap = std::array<std::array<double, feature_size>, inputs>;

double input_of(const Feature& mean, std::size_t i) {
  return i < feature_size ? double(mean[i]) : 1.0;
}

/// Solves A X = B in place of B, A symmetric and positive definite (Cholesky).
void solve(Square& a, AffineMap& b) {
  for (std::size_t j = 0; j < inputs; ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    a[j][j] = std::sqrt(a[j][j]);
    for (std::size_t i = j + 1; i < inputs; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (std::size_t column = 0; column < feature_size; ++column) {
    for (std::size_t i = 0; i < inputs; ++i) {
      for (std::size_t k = 0; k < i; ++k) b[i][column] -= a[i][k] * b[k][column];
      b[i][column] /= a[i][i];
    }
    for (std::size_t i = inputs; i-- > 0;) {
      for (std::size_t k = i + 1; k < inputs; ++k) b[i][column] -= a[k][i] * b[k][column];
      b[i][column] /= a[i][i];
    }
  }
}

/// What takes the model's means nearest to the frames that are in their states, with a pull
/// towards changing nothing (ridge regression).
AffineMap map_to_recording(const SoundModel& model, const Chain& chain, const Features& features,
                           std::span<const std::int32_t> path) {
  Square gram{};
  AffineMap map{};
  for (std::size_t i = 0; i < inputs; ++i) {
    gram[i][i] = ridge;
    if (i < feature_size) map[i][i] = ridge;
  }
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (chain.is_pause(path[t])) continue;
    const Feature& mean = model.means[std::size_t(chain.states[std::size_t(path[t])].sound)];
    const Feature heard = features[t];
    for (std::size_t i = 0; i < inputs; ++i) {
      const double input = input_of(mean, i);
      for (std::size_t j = 0; j <= i; ++j) gram[i][j] += input * input_of(mean, j);
      for (std::size_t k = 0; k < feature_size; ++k) map[i][k] += input * heard[k];
    }
  }
  for (std::size_t i = 0; i < inputs; ++i) {
    for (std::size_t j = 0; j < i; ++j) gram[j][i] = gram[i][j];
  }
  solve(gram, map);
  return map;
}

Feature mapped(const AffineMap& map, const Feature& mean) {
  Feature result{};
  for (std::size_t k = 0; k < feature_size; ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < inputs; ++i) sum += map[i][k] * input_of(mean, i);
    result[k] = static_cast<float>(sum);
  }
  return result;
}

/// How far the frames lie from the means of their states, drawn towards the variance before.
Feature variance_around(const std::vector<Feature>& means, const Feature& before,
                        const Chain& chain, const Features& features,
                        std::span<const std::int32_t> path) {
  std::array<double, feature_size> squares{};
  double count = 0;
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (chain.is_pause(path[t])) continue;
    const Feature heard = features[t];
    const Feature& mean = means[std::size_t(chain.states[std::size_t(path[t])].sound)];
    for (std::size_t k = 0; k < feature_size; ++k) {
      const double off = heard[k] - mean[k];
      squares[k] += off * off;
    }
    ++count;
  }
  Feature variance{};
  for (std::size_t k = 0; k < feature_size; ++k) {
    const double heard = count > 0 ? squares[k] / count + variance_floor : 0;
    variance[k] = static_cast<float>((count * heard + variance_weight * before[k]) /
                                     (count + variance_weight));
  }
  return variance;
}

}  // namespace

SoundModel adapted(const SoundModel& model, const Chain& chain, const Features& features,
                   std::span<const std::int32_t> path) {
  const AffineMap map = map_to_recording(model, chain, features, path);
  SoundModel fitting = model;
  for (Feature& mean : fitting.means) mean = mapped(map, mean);
  fitting.variance = variance_around(fitting.means, model.variance, chain, features, path);
  return fitting;
}

}  // namespace vivavox
