#include "engine/face/track.h"

#include <algorithm>

namespace vivavox {

namespace {

double chord(const Track::Key& a, const Track::Key& b) {
  return (b.value - a.value) / (b.at_s - a.at_s);
}

/// The harmonic mean that keeps the curve monotone; flat at turning points.
double slope_between(const Track::Key& before, const Track::Key& here, const Track::Key& after) {
  const double left = chord(before, here);
  const double right = chord(here, after);
  if (left * right <= 0) return 0;
  const double left_s = here.at_s - before.at_s;
  const double right_s = after.at_s - here.at_s;
  const double weight = (left_s + 2 * right_s) / (3 * (left_s + right_s));
  return left * right / (weight * right + (1 - weight) * left);
}

}  // namespace

Track::Track(const std::vector<Key>& keys) {
  knots_.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool inner = i > 0 && i + 1 < keys.size();
    const double slope = inner ? slope_between(keys[i - 1], keys[i], keys[i + 1]) : 0;
    knots_.push_back({keys[i].at_s, keys[i].value, slope});
  }
}

double Track::at(double t_s) const {
  if (knots_.empty()) return 0;
  const auto next = std::ranges::upper_bound(knots_, t_s, {}, &Knot::at_s);
  if (next == knots_.begin()) return next->value;
  if (next == knots_.end()) return knots_.back().value;
  const Knot& a = *(next - 1);
  const Knot& b = *next;
  const double span_s = b.at_s - a.at_s;
  const double u = (t_s - a.at_s) / span_s;
  const double v = 1 - u;
  const double value = v * v * ((1 + 2 * u) * a.value + u * span_s * a.slope) +
                       u * u * ((1 + 2 * v) * b.value - v * span_s * b.slope);
  const auto [low, high] = std::minmax(a.value, b.value);  // but for rounding it is within
  return std::clamp(value, low, high);
}

void Track::replace_from(double from_s, const Track& later) {
  knots_.erase(std::ranges::lower_bound(knots_, from_s, {}, &Knot::at_s), knots_.end());
  knots_.insert(knots_.end(), std::ranges::lower_bound(later.knots_, from_s, {}, &Knot::at_s),
                later.knots_.end());
}

void Track::drop_before(double before_s) {
  const auto next = std::ranges::upper_bound(knots_, before_s, {}, &Knot::at_s);
  if (next != knots_.begin()) knots_.erase(knots_.begin(), next - 1);
}

}  // namespace vivavox
