#include "engine/align/frame_fit.h"

#include <algorithm>
#include <cmath>

namespace vivavox {

namespace {

constexpr float likelihood_scale = 0.12F;
constexpr float garbage_cost = 12;
constexpr float garbage_variance = 1;
/// A click is far from everything: it costs no more than this.
constexpr float least_garbage_density = -50;

}  // namespace

FrameFit::FrameFit(const Chain& chain, const SoundModel& model, const Features& features)
    : chain_(chain), model_(model), features_(features), current_(features.size()) {
  anything_.variance.fill(garbage_variance);
  for (std::size_t k = 0; k < feature_size; ++k) {
    weights_[k] = 1 / model.variance[k];
    constant_ += std::log(model.variance[k]);
  }
}

float FrameFit::operator()(std::size_t frame, std::int32_t state) {
  if (frame != current_) {
    current_ = frame;
    feature_ = features_[frame];
    pause_fit_ =
        likelihood_scale *
        std::max(model_.pause.log_density(feature_),
                 std::max(least_garbage_density, anything_.log_density(feature_)) - garbage_cost);
  }
  if (chain_.is_pause(state)) return pause_fit_;
  const Feature& mean = model_.means[std::size_t(chain_.states[std::size_t(state)].sound)];
  float sum = constant_;
  for (std::size_t k = 0; k < feature_size; ++k) {
    const float off = feature_[k] - mean[k];
    sum += off * off * weights_[k];
  }
  return likelihood_scale * -0.5F * sum;
}

}  // namespace vivavox
