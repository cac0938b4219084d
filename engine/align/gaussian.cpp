#include "engine/align/gaussian.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

float Gaussian::log_density(const Feature& feature) const {
  float sum = 0;
  for (std::size_t k = 0; k < feature_size; ++k) {
    const float off = feature[k] - mean[k];
    sum += off * off / variance[k] + std::log(variance[k]);
  }
  return -0.5F * sum;
}

void Sums::add(const Feature& feature, double weight) {
  for (std::size_t k = 0; k < feature_size; ++k) {
    sum_[k] += weight * feature[k];
    squares_[k] += weight * feature[k] * feature[k];
  }
  count_ += weight;
}

Feature Sums::mean() const {
  Feature mean{};
  if (count_ <= 0) return mean;
  std::ranges::transform(sum_, mean.begin(), [&](double sum) { return float(sum / count_); });
  return mean;
}

Feature Sums::variance() const {
  Feature variance{};
  if (count_ <= 0) return variance;
  for (std::size_t k = 0; k < feature_size; ++k) {
    const double mean = sum_[k] / count_;
    variance[k] = static_cast<float>(std::max(0.0, squares_[k] / count_ - mean * mean));
  }
  return variance;
}

}  // namespace vivavox
