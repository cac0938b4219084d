// A smooth curve through few points.
#pragma once

#include <cstddef>
#include <vector>

namespace vivavox {

/// A curve through keys in order of time: continuous with its first derivative,
/// monotone between keys (so it never exceeds them), constant outside.
/// Source: Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5 (1984).
class Track {
 public:
  struct Key {
    double at_s = 0;
    double value = 0;
  };

  Track() = default;

  /// `keys`: strictly increasing in at_s, by a microsecond at the least.
  explicit Track(const std::vector<Key>& keys);

  /// The curve's value; 0 everywhere if there are no keys.
  double at(double t_s) const;

  /// From a time on, the curve is `later`, whose keys around that time are the same.
  void replace_from(double from_s, const Track& later);

  /// Lets go of keys that shape nothing from a time on.
  void drop_before(double before_s);

 private:
  struct Knot {
    double at_s;
    double value;
    double slope;
  };
  std::vector<Knot> knots_;
};

}  // namespace vivavox
