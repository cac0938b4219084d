#include "engine/align/features.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace vivavox {

namespace {

constexpr float floor_below_peak_db = 60;
constexpr std::ptrdiff_t slope_reach = 2;  ///< frames to each side

/// The weights of the frames around one: regression over ±slope_reach, once and twice.
struct Kernels {
  std::array<float, 2 * slope_reach + 1> slope{};
  std::array<float, 4 * slope_reach + 1> curvature{};

  constexpr Kernels() {
    float squares = 0;
    for (std::ptrdiff_t k = -slope_reach; k <= slope_reach; ++k) squares += float(k * k);
    for (std::ptrdiff_t k = -slope_reach; k <= slope_reach; ++k) {
      slope[std::size_t(k + slope_reach)] = float(k) / squares;
    }
    for (std::size_t i = 0; i < slope.size(); ++i) {
      for (std::size_t j = 0; j < slope.size(); ++j) curvature[i + j] += slope[i] * slope[j];
    }
  }
};
constexpr Kernels kernels;

template <std::size_t taps>
void add_weighted(std::span<const Cepstrum> cepstra, std::size_t frame,
                  const std::array<float, taps>& weights, std::span<float> sum) {
  const auto reach = static_cast<std::ptrdiff_t>(taps / 2);
  for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
    const auto at = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(frame) + k, 0,
                                               std::ssize(cepstra) - 1);
    const Cepstrum& cepstrum = cepstra[static_cast<std::size_t>(at)];
    const float weight = weights[static_cast<std::size_t>(k + reach)];
    for (std::size_t i = 0; i < cepstrum_size; ++i) sum[i] += weight * cepstrum[i];
  }
}

}  // namespace

Features::Features(const std::deque<BandLevels>& bands, std::size_t frames) : loud_(frames) {
  std::vector<float> levels(frames);
  float peak_db = -200;
  for (std::size_t t = 0; t < frames; ++t) {
    levels[t] = total_db(bands[t]);
    peak_db = std::max(peak_db, std::ranges::max(bands[t]));
  }
  const float threshold_db = silence_threshold_db(levels);
  cepstra_.reserve(frames);
  for (std::size_t t = 0; t < frames; ++t) {
    loud_[t] = levels[t] > threshold_db;
    loud_frames_ += loud_[t] ? 1 : 0;
    cepstra_.push_back(cepstrum_of(bands[t], peak_db - floor_below_peak_db));
  }
  std::array<double, feature_size> sums{}, squares{};
  for (std::size_t t = 0; t < size(); ++t) {
    if (!loud_[t]) continue;
    const Feature feature = raw(t);
    for (std::size_t k = 0; k < feature_size; ++k) {
      sums[k] += feature[k];
      squares[k] += double(feature[k]) * feature[k];
    }
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, loud_frames_));
  for (std::size_t k = 0; k < feature_size; ++k) {
    const double mean = sums[k] / count;
    mean_[k] = static_cast<float>(mean);
    scale_[k] = static_cast<float>(1 / std::sqrt(std::max(1e-6, squares[k] / count - mean * mean)));
  }
}

Feature Features::raw(std::size_t frame) const {
  Feature feature{};
  const std::span whole(feature);
  std::ranges::copy(cepstra_[frame], feature.begin());
  add_weighted(cepstra_, frame, kernels.slope, whole.subspan(cepstrum_size));
  add_weighted(cepstra_, frame, kernels.curvature, whole.subspan(2 * cepstrum_size));
  return feature;
}

Feature Features::operator[](std::size_t frame) const {
  Feature feature = raw(frame);
  for (std::size_t k = 0; k < feature_size; ++k) feature[k] = (feature[k] - mean_[k]) * scale_[k];
  return feature;
}

}  // namespace vivavox
