#include "engine/sculpt/eye_opening.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

#include "engine/sculpt/smooth_step.h"

namespace vivavox {

namespace {

constexpr int eye_columns = 61;
constexpr int eye_rows = 280;
constexpr float eye_column_width = 2.2F / eye_columns;  ///< in radii
constexpr float eye_row_rad = 0.01F;
// Lids lie so near to the eye, in radii.
constexpr float innermost = 0.75F, outermost = 1.7F;

/// A place as it is seen from the eye's middle, lengths in radii.
struct Seen {
  float aside = 0;
  float rise_rad = 0;
  float distance = 0;  ///< from the axis that goes through the eye from side to side
};

Seen seen(float3 place, const EyeBall& eye) {
  const float3 from = (place - eye.centre) / eye.radius;
  return {.aside = from.x,
          .rise_rad = std::atan2(from.y, from.z),
          .distance = std::hypot(from.y, from.z)};
}

float column_of(float aside) {
  return aside / eye_column_width + eye_columns / 2.0F;
}

float row_of(float rise_rad) {
  return rise_rad / eye_row_rad + eye_rows / 2.0F;
}

using Covered = std::array<std::bitset<eye_rows>, eye_columns>;

/// Marks what a triangle covers, unless it takes more than is left of cells.
void cover(Covered& covered, const std::array<Seen, 3>& corners, int& cells_left) {
  std::array<float2, 3> flat;
  for (std::size_t i = 0; i < 3; ++i)
    flat[i] = {column_of(corners[i].aside), row_of(corners[i].rise_rad)};
  const float2 low = min(min(flat[0], flat[1]), flat[2]),
               high = max(max(flat[0], flat[1]), flat[2]);
  const auto index = [](float place, int count) {
    return static_cast<int>(std::clamp(std::ceil(place - 0.5F), 0.0F, static_cast<float>(count)));
  };
  const int cells = (index(high.x, eye_columns) - index(low.x, eye_columns)) *
                    (index(high.y, eye_rows) - index(low.y, eye_rows));
  if (cells > cells_left) return;
  cells_left -= cells;
  for (int column = index(low.x, eye_columns); column < index(high.x, eye_columns); ++column) {
    for (int row = index(low.y, eye_rows); row < index(high.y, eye_rows); ++row) {
      const float2 at(static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F);
      int left = 0, right = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        const float2 from = flat[i], to = flat[(i + 1) % 3];
        const float side = (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x);
        left += side > 0 ? 1 : 0;
        right += side < 0 ? 1 : 0;
      }
      if (left == 0 || right == 0) covered[column][row] = true;
    }
  }
}

/// Rows from `first` up to `last`, which nothing covers.
struct Free {
  int first = 0, last = -1;

  int count() const { return last - first + 1; }
};

/// What is free around the row, or around the nearest free row.
Free free_around(const std::bitset<eye_rows>& covered, int row) {
  constexpr int near = 24;
  int start = -1;
  for (int away = 0; away <= near && start < 0; ++away) {
    for (const int one : {row - away, row + away}) {
      if (start < 0 && one >= 0 && one < eye_rows && !covered[one]) start = one;
    }
  }
  if (start < 0) return {};
  Free free{.first = start, .last = start};
  while (free.first > 0 && !covered[free.first - 1]) --free.first;
  while (free.last + 1 < eye_rows && !covered[free.last + 1]) ++free.last;
  return free;
}

}  // namespace

std::expected<EyeOpening, std::string_view> EyeOpening::find(
    std::span<const float3> places, std::span<const std::uint32_t> triangles, const EyeBall& eye) {
  Covered covered;
  int cells_left = 4'000'000;
  for (std::size_t i = 0; i + 2 < triangles.size(); i += 3) {
    std::array<Seen, 3> corners;
    bool is_near = true;
    float sum = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      corners[k] = seen(places[triangles[i + k]], eye);
      const float3 from = places[triangles[i + k]] - eye.centre;
      const float distance = length(from) / eye.radius;
      is_near = is_near && distance > innermost && distance < outermost && from.z > 0;
      sum += distance;
    }
    // What dips into the eye hides nothing of it.
    if (is_near && sum > 3) cover(covered, corners, cells_left);
  }
  constexpr int middle = eye_columns / 2;
  std::array<Free, eye_columns> opening{};
  opening[middle] = free_around(covered[middle], eye_rows / 2);
  if (opening[middle].count() == 0) return std::unexpected("skin covers the eyes");
  int first = middle, last = middle;
  const auto follow = [&](int from, int step) {
    int end = from;
    for (int column = from + step; column >= 0 && column < eye_columns; column += step) {
      const Free& before = opening[end];
      const Free here = free_around(covered[column], (before.first + before.last) / 2);
      if (here.count() == 0 || here.first > before.last || here.last < before.first) break;
      opening[column] = here;
      end = column;
    }
    return end;
  };
  first = follow(middle, -1);
  last = follow(middle, 1);
  EyeOpening made(eye);
  for (int column = first; column <= last; ++column) {
    const auto rise_of = [](int row) {
      return (static_cast<float>(row) - eye_rows / 2.0F) * eye_row_rad;
    };
    made.edges_.push_back({.upper_rad = rise_of(opening[column].last + 1),
                           .lower_rad = rise_of(opening[column].first)});
    made.height_rad_ =
        std::max(made.height_rad_, static_cast<float>(opening[column].count()) * eye_row_rad);
  }
  const auto x = [&](int column) {
    return eye.centre.x +
           (static_cast<float>(column) + 0.5F - eye_columns / 2.0F) * eye_column_width * eye.radius;
  };
  made.first_x_ = x(first);
  made.last_x_ = x(last);
  made.smooth();
  made.meet();
  constexpr float least_width = 0.5F, least_rad = 0.12F, most_rad = 1.9F;
  if (made.last_x_ - made.first_x_ < least_width * eye.radius || made.height_rad_ < least_rad)
    return std::unexpected("the eyes are not open");
  if (made.height_rad_ > most_rad) return std::unexpected("no lids are around the eyes");
  return made;
}

/// Each edge the mean of it and its neighbours, twice.
void EyeOpening::smooth() {
  for (int pass = 0; pass < 2; ++pass) {
    const std::vector<Edges> before = edges_;
    for (std::size_t i = 1; i + 1 < edges_.size(); ++i) {
      const Edges &left = before[i - 1], &right = before[i + 1];
      edges_[i].upper_rad = (left.upper_rad + before[i].upper_rad + right.upper_rad) / 3;
      edges_[i].lower_rad = (left.lower_rad + before[i].lower_rad + right.lower_rad) / 3;
    }
  }
}

/// Lids meet along a curve from corner to corner, which goes down in the middle nearly to the lower
/// lid's edge.
void EyeOpening::meet() {
  constexpr float upper_share = 0.82F;
  const auto middle_of = [](const Edges& edges) { return (edges.upper_rad + edges.lower_rad) / 2; };
  const float first = middle_of(edges_.front()), last = middle_of(edges_.back());
  const Edges& middle = edges_[edges_.size() / 2];
  const float lowest = middle.upper_rad + (middle.lower_rad - middle.upper_rad) * upper_share;
  const float drop = (first + last) / 2 - lowest;
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(edges_.size() - 1);
    const float aside = std::abs(2 * share - 1);
    const float curve = first + (last - first) * share - drop * (1 - aside * aside * aside);
    edges_[i].meet_rad = std::clamp(curve, edges_[i].lower_rad, edges_[i].upper_rad);
  }
}

/// Beyond the corners both edges are one.
EyeOpening::Edges EyeOpening::edges_at(float x) const {
  const float step = (last_x_ - first_x_) / static_cast<float>(edges_.size() - 1);
  const float place = (x - first_x_) / step;
  const auto count = static_cast<float>(edges_.size() - 1);
  const float inside = std::clamp(place, 0.0F, count);
  const auto first = std::min(static_cast<std::size_t>(inside), edges_.size() - 2);
  const float share = inside - static_cast<float>(first);
  const Edges &one = edges_[first], &other = edges_[first + 1];
  Edges edges{.upper_rad = one.upper_rad + (other.upper_rad - one.upper_rad) * share,
              .lower_rad = one.lower_rad + (other.lower_rad - one.lower_rad) * share,
              .meet_rad = one.meet_rad + (other.meet_rad - one.meet_rad) * share};
  if (place < 0 || place > count) {
    const float beyond = (std::abs(place - inside)) * step / eye_.radius;
    const float open = fall(0, 0.15F, beyond);
    edges.upper_rad = edges.meet_rad + (edges.upper_rad - edges.meet_rad) * open;
    edges.lower_rad = edges.meet_rad + (edges.lower_rad - edges.meet_rad) * open;
  }
  return edges;
}

/// How far a lid that turns so far comes out, lest it sinks into the eye on its way, which is
/// straight.
float way_out(float ball, float turn_rad) {
  constexpr float off = 0.03F, most = 0.12F;
  const float start = ball + off;
  const float aside = start * std::sin(turn_rad);
  const float root = 4 * ball * ball - aside * aside;
  if (root <= 0) return most;
  return std::clamp(std::sqrt(root) - start * std::cos(turn_rad) - start, 0.0F, most);
}

float3 EyeOpening::way(float3 place) const {
  constexpr float over_rad = 0.03F;         ///< the upper lid's edge comes over the lower one's
  constexpr float edge = 0.1F, lid = 0.4F;  ///< how far lids go up and down, in openings
  const Seen from = seen(place, eye_);
  const float reach = length((place - eye_.centre) / eye_.radius);
  if (reach < innermost || place.z < eye_.centre.z) return float3(0.0F);
  const Edges edges = edges_at(place.x);
  const bool is_upper = from.rise_rad > (edges.upper_rad + edges.lower_rad) / 2;
  const float open_rad =
      is_upper ? edges.upper_rad - edges.meet_rad : edges.meet_rad - edges.lower_rad;
  const float beyond = is_upper ? from.rise_rad - edges.upper_rad : edges.lower_rad - from.rise_rad;
  const float hold = fall(edge * height_rad_, lid * height_rad_ + 0.03F, beyond) *
                     fall(outermost - 0.3F, outermost + 0.3F, reach);
  const float turn_rad = hold * (is_upper ? -(open_rad + std::min(over_rad, open_rad)) : open_rad);
  const float ball = std::sqrt(std::max(0.0F, 1 - from.aside * from.aside));
  const float distance = std::max(from.distance, ball) + way_out(ball, turn_rad);
  const float rise_rad = from.rise_rad + turn_rad;
  const float3 to(from.aside, distance * std::sin(rise_rad), distance * std::cos(rise_rad));
  const float3 end = turn_rad == 0 ? place : eye_.centre + to * eye_.radius;
  return end - place;
}

}  // namespace vivavox
