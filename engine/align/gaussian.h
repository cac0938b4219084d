// Normal distributions of features.
#pragma once

#include "engine/align/features.h"

namespace vivavox {

/// A normal distribution without correlations.
struct Gaussian {
  Feature mean{};
  Feature variance{};

  /// The logarithm of the density, less a constant.
  float log_density(const Feature& feature) const;
};

/// Sums up features, each with a weight.
class Sums {
 public:
  void add(const Feature& feature, double weight = 1);
  double count() const { return count_; }
  Feature mean() const;
  Feature variance() const;

 private:
  std::array<double, feature_size> sum_{}, squares_{};
  double count_ = 0;
};

}  // namespace vivavox
