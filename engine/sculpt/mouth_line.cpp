#include "engine/sculpt/mouth_line.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace vivavox {

namespace {

// Shares of the head's height.
constexpr float window_half_width = 0.3F;
constexpr float window_depth = 0.3F;
constexpr float widest_gap = 0.05F;     ///< of lips at rest
constexpr float lips_overlap = 0.012F;  ///< modellers press lips together
constexpr float least_depth = 0.012F;
constexpr float least_half_width = 0.04F;
constexpr float most_half_width = 0.25F;

constexpr int grid_columns = 121;
constexpr int grid_rows = 96;

/// Where a vertical line goes through the surface.
struct Crossing {
  int row = 0;
  float y = 0;
  bool is_above_air = false;  ///< the surface looks down there
};

/// Air between what is above and what is below.
struct Gap {
  float y = 0;  ///< its middle
  float height = 0;
};

/// A gap that goes on from row to row, from the front.
struct Slit {
  std::vector<Gap> gaps;
  int first_row = 0;
  int narrow_row = 0;  ///< where it first is about as narrow as anywhere
  float depth = 0;     ///< behind that

  float y() const { return gaps[narrow_row - first_row].y; }
};

/// The face seen from below, on a grid of vertical lines.
class Grid {
 public:
  Grid(std::span<const float3> places, std::span<const std::uint32_t> triangles,
       const HeadPlace& head)
      : head_(head), front_(front_of(places, head)) {
    for (std::size_t i = 0; i + 2 < triangles.size(); i += 3)
      add({places[triangles[i]], places[triangles[i + 1]], places[triangles[i + 2]]});
    for (auto& column : crossings_) std::ranges::sort(column, {}, &Crossing::row);
  }

  float x_of(int column) const {
    // Off the vertices, which like to lie in the plane of symmetry.
    constexpr int middle = grid_columns / 2;
    return head_.centre.x + (static_cast<float>(column - middle) + 0.31F) * column_width();
  }
  float z_of(int row) const { return front_ - (static_cast<float>(row) + 0.37F) * row_depth(); }
  float row_depth() const { return window_depth * head_.height / grid_rows; }
  float column_width() const { return 2 * window_half_width * head_.height / grid_columns; }

  /// What may be a mouth in a column, deep enough and narrow.
  std::vector<Slit> slits(int column) const {
    std::vector<Slit> open, done;
    for (int row = 0; row < grid_rows; ++row) {
      const std::vector<Gap> gaps = gaps_at(column, row);
      std::vector<bool> is_taken(gaps.size(), false);
      for (Slit& slit : open) {
        // Those that meet go on together: none takes another's way.
        const auto next = nearest(gaps, slit.gaps.back().y);
        if (next == gaps.end()) {
          done.push_back(std::exchange(slit, {}));
        } else {
          slit.gaps.push_back(*next);
          is_taken[next - gaps.begin()] = true;
        }
      }
      std::erase_if(open, [](const Slit& slit) { return slit.gaps.empty(); });
      for (std::size_t i = 0; i < gaps.size(); ++i) {
        if (!is_taken[i]) open.push_back({.gaps = {gaps[i]}, .first_row = row});
      }
    }
    std::ranges::move(open, std::back_inserter(done));
    for (Slit& slit : done) measure(slit);
    std::erase_if(done, [&](const Slit& slit) { return slit.depth < least_depth * head_.height; });
    return done;
  }

 private:
  static float front_of(std::span<const float3> places, const HeadPlace& head) {
    float front = head.centre.z;
    for (const float3& place : places) {
      const float3 from = place - head.centre;
      if (std::abs(from.x) < 0.5F * head.height && std::abs(from.y) < 0.6F * head.height)
        front = std::max(front, place.z);
    }
    return front;
  }

  void add(const std::array<float3, 3>& corners) {
    const float3 low = min(min(corners[0], corners[1]), corners[2]);
    const float3 high = max(max(corners[0], corners[1]), corners[2]);
    if (low.y > head_.centre.y + 0.1F * head_.height) return;
    const float3 across = cross(corners[1] - corners[0], corners[2] - corners[0]);
    if (across.y == 0) return;
    const auto clamped = [](float place, int count) {
      return static_cast<int>(std::clamp(place, -1.0F, static_cast<float>(count)));
    };
    const int first_column = std::max(0, clamped((low.x - x_of(0)) / column_width(), grid_columns));
    const int last_column =
        std::min(grid_columns - 1, clamped((high.x - x_of(0)) / column_width(), grid_columns));
    const int first_row = std::max(0, clamped((z_of(0) - high.z) / row_depth(), grid_rows));
    const int last_row =
        std::min(grid_rows - 1, clamped((z_of(0) - low.z) / row_depth(), grid_rows));
    const int cells =
        std::max(0, last_column - first_column + 1) * std::max(0, last_row - first_row + 1);
    if (cells > cells_left_) return;
    cells_left_ -= cells;
    for (int column = first_column; column <= last_column; ++column) {
      for (int row = first_row; row <= last_row; ++row) {
        const float x = x_of(column), z = z_of(row);
        if (!is_below(corners, across.y, x, z)) continue;
        const float3 from = corners[0];
        const float y = from.y - (across.x * (x - from.x) + across.z * (z - from.z)) / across.y;
        crossings_[column].push_back({.row = row, .y = y, .is_above_air = across.y < 0});
      }
    }
  }

  /// Whether the triangle, seen from below, has the place in it.
  static bool is_below(const std::array<float3, 3>& corners, float facing, float x, float z) {
    for (std::size_t i = 0; i < 3; ++i) {
      const float3 from = corners[i], to = corners[(i + 1) % 3];
      const float side = (to.z - from.z) * (x - from.x) - (to.x - from.x) * (z - from.z);
      if (facing > 0 ? side < 0 : side >= 0) return false;
    }
    return true;
  }

  std::vector<Gap> gaps_at(int column, int row) const {
    std::vector<Gap> gaps;
    const auto crossings = std::ranges::equal_range(crossings_[column], row, {}, &Crossing::row);
    for (const Crossing& above : crossings) {
      if (!above.is_above_air) continue;
      std::optional<Gap> found;
      for (const Crossing& below : crossings) {
        if (below.is_above_air) continue;
        const float height = above.y - below.y;
        if (height < -lips_overlap * head_.height || height > widest_gap * head_.height) continue;
        if (!found || std::abs(height) < std::abs(found->height))
          found = Gap{.y = (above.y + below.y) / 2, .height = std::max(height, 0.0F)};
      }
      if (found) gaps.push_back(*found);
    }
    return gaps;
  }

  std::vector<Gap>::const_iterator nearest(const std::vector<Gap>& gaps, float y) const {
    constexpr float most_step = 0.02F;
    const auto found =
        std::ranges::min_element(gaps, {}, [&](const Gap& gap) { return std::abs(gap.y - y); });
    if (found != gaps.end() && std::abs(found->y - y) > most_step * head_.height) return gaps.end();
    return found;
  }

  void measure(Slit& slit) const {
    constexpr float about = 0.002F;
    const float narrowest = std::ranges::min_element(slit.gaps, {}, &Gap::height)->height;
    const auto first = std::ranges::find_if(
        slit.gaps, [&](const Gap& gap) { return gap.height <= narrowest + about * head_.height; });
    slit.narrow_row = slit.first_row + static_cast<int>(first - slit.gaps.begin());
    slit.depth = static_cast<float>(slit.gaps.end() - first) * row_depth();
  }

  HeadPlace head_;
  float front_;
  int cells_left_ =
      4'000'000;  ///< coarse heads take a million; hostile files would take any number
  std::array<std::vector<Crossing>, grid_columns> crossings_;
};

/// The slit's front in a column.
float3 front_of(const Grid& grid, int column, const Slit& slit) {
  return {grid.x_of(column), slit.y(), grid.z_of(slit.narrow_row)};
}

/// The slits from the one in the middle on to a side, `step` 1 or -1.
std::vector<float3> follow(const Grid& grid, int column, int step, float3 from, float height) {
  constexpr float most_rise = 0.02F, most_step = 0.05F;
  std::vector<float3> points;
  for (column += step; column >= 0 && column < grid_columns; column += step) {
    std::optional<float3> next;
    for (const Slit& slit : grid.slits(column)) {
      const float3 point = front_of(grid, column, slit);
      const float rise = std::abs(point.y - from.y);
      if (rise > most_rise * height || std::abs(point.z - from.z) > most_step * height) continue;
      if (!next || rise < std::abs(next->y - from.y)) next = point;
    }
    if (!next) break;
    points.push_back(*next);
    from = *next;
  }
  return points;
}

/// Each height the mean of it and its neighbours', twice.
void smooth(std::vector<float3>& points) {
  for (int pass = 0; pass < 2; ++pass) {
    const std::vector<float3> before = points;
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
      points[i].y = (before[i - 1].y + before[i].y + before[i + 1].y) / 3;
      points[i].z = (before[i - 1].z + before[i].z + before[i + 1].z) / 3;
    }
  }
}

}  // namespace

float3 MouthLine::at(float x) const {
  const float step = (points.back().x - points.front().x) / static_cast<float>(points.size() - 1);
  const float place =
      std::clamp((x - points.front().x) / step, 0.0F, static_cast<float>(points.size() - 1));
  const auto first = std::min(static_cast<std::size_t>(place), points.size() - 2);
  const float share = place - static_cast<float>(first);
  return points[first] * (1 - share) + points[first + 1] * share;
}

std::expected<MouthLine, std::string_view> find_mouth(std::span<const float3> places,
                                                      std::span<const std::uint32_t> triangles,
                                                      const HeadPlace& head) {
  const Grid grid(places, triangles, head);
  constexpr int middle = grid_columns / 2;
  std::vector<Slit> slits = grid.slits(middle);
  if (slits.empty()) return std::unexpected("no slit between lips is found");
  // Of several the one in front.
  const Slit& slit = *std::ranges::min_element(slits, {}, &Slit::narrow_row);
  const float3 centre = front_of(grid, middle, slit);
  MouthLine line{.points = follow(grid, middle, -1, centre, head.height), .depth = slit.depth};
  std::ranges::reverse(line.points);
  line.points.push_back(centre);
  std::ranges::copy(follow(grid, middle, 1, centre, head.height), std::back_inserter(line.points));
  const float right = centre.x - line.points.front().x, left = line.points.back().x - centre.x;
  if (std::min(left, right) < least_half_width * head.height)
    return std::unexpected("the slit that may be a mouth is too narrow");
  if (std::max(left, right) > most_half_width * head.height)
    return std::unexpected("the slit that may be a mouth is wider than one");
  if (std::max(left, right) > 1.5F * std::min(left, right))
    return std::unexpected("the slit that may be a mouth lies aside");
  smooth(line.points);
  return line;
}

}  // namespace vivavox
