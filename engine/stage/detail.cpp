#include "engine/stage/detail.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

namespace vivavox {

namespace {

using Triangle = std::array<std::uint32_t, 3>;

/// The longest edge that is drawn together, in errors that may be made.
constexpr float most_length = 24;
/// How far a normal may be from the middle of its neighbours'.
constexpr float most_turned = 0.25F;
/// The least cosine between a triangle before and after.
constexpr float least_turn = 0.7F;
/// How much the share of a bone may differ.
constexpr float most_share = 0.1F;

/// The same for vertices that hang on the same bones alike.
float hang(const AvatarPart& part, std::uint32_t vertex) {
  float sum = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    constexpr float golden = 0.618034F;  // spreads neighbouring numbers over 0…1
    const float place = golden * part.joints[vertex][k];
    sum += part.weights[vertex][k] * (place - std::floor(place));
  }
  return sum;
}

class Coarsening {
 public:
  Coarsening(const AvatarPart& part, float most_error)
      : part_(part),
        most_error_(most_error),
        spent_(part.positions.size()),
        is_taken_(part.positions.size()),
        is_open_(part.positions.size()) {
    for (std::size_t i = 0; i + 2 < part.indices.size(); i += 3)
      triangles_.push_back({part.indices[i], part.indices[i + 1], part.indices[i + 2]});
    list_fans();
  }

  /// How far, at each vertex, a texture or a target is off what its neighbours would have there.
  void measure_bending() {
    std::ranges::fill(is_taken_, 1);
    bending_.assign(is_taken_.size(), 0);
    for (std::uint32_t v = 0; v < bending_.size(); ++v) {
      if (fan(v).empty() || part_.uvs.empty()) continue;
      const std::uint32_t next = from(v, fan(v)[0])[1];
      const float texture = length(part_.uvs[next] - part_.uvs[v]);
      const float place = length(part_.positions[next] - part_.positions[v]);
      if (texture > 0) {
        bending_[v] = length(middle(std::span(part_.uvs), v) - part_.uvs[v]) * place / texture;
      }
    }
    std::vector<float3> moved(is_taken_.size());
    for (const MorphTarget& target : part_.targets) {
      for (std::size_t i = 0; i < target.vertices.size(); ++i)
        moved[target.vertices[i]] = target.positions[i];
      const auto bend = [&](std::uint32_t v) {
        const float off = length(middle(std::span<const float3>(moved), v) - moved[v]);
        bending_[v] = std::max(bending_[v], off);
      };
      for (const std::uint32_t v : target.vertices) {
        if (!fan(v).empty()) bend(v);
        for (const std::uint32_t t : fan(v)) {
          const std::uint32_t next = from(v, t)[1];
          if (moved[next] == float3(0.0F)) bend(next);
        }
      }
      for (const std::uint32_t v : target.vertices) moved[v] = float3(0.0F);
    }
  }

  /// Takes vertices out where that errs by no more than this; none beside another. Returns how
  /// many.
  std::size_t round(float most_error) {
    // What nothing has changed around since it was looked at stays as it was found.
    is_open_.swap(is_taken_);
    std::ranges::fill(is_taken_, 0);
    std::size_t count = 0;
    for (std::uint32_t v = 0; v < is_taken_.size(); ++v) {
      if (!is_open_[v] || is_taken_[v] || is_on_border(v)) continue;
      const auto [to, error] = best_place(v, most_error);
      if (to == v) continue;
      spent_[to] = std::max(spent_[to], error);
      for (const std::uint32_t t : fan(v)) {
        for (std::uint32_t& corner : triangles_[t]) {
          is_taken_[corner] = 1;
          if (corner == v) corner = to;
        }
      }
      ++count;
    }
    std::erase_if(triangles_, [](const Triangle& triangle) {
      const auto [a, b, c] = triangle;
      return a == b || b == c || c == a;
    });
    list_fans();
    return count;
  }

  std::vector<std::uint32_t> indices() const {
    std::vector<std::uint32_t> indices;
    for (const Triangle& triangle : triangles_)
      indices.insert(indices.end(), triangle.begin(), triangle.end());
    return indices;
  }

 private:
  void list_fans() {
    begin_.assign(is_taken_.size() + 1, 0);
    for (const Triangle& triangle : triangles_) {
      for (const std::uint32_t corner : triangle) ++begin_[corner];
    }
    std::uint32_t end = 0;
    for (std::uint32_t& begin : begin_) begin = end += begin;
    fans_.resize(end);
    for (std::uint32_t t = 0; t < triangles_.size(); ++t) {
      for (const std::uint32_t corner : triangles_[t]) fans_[--begin_[corner]] = t;
    }
  }

  /// The triangles around a vertex.
  std::span<const std::uint32_t> fan(std::uint32_t v) const {
    return std::span(fans_).subspan(begin_[v], begin_[v + 1] - begin_[v]);
  }

  /// Whose corners follow one another as in this triangle, the first being `v`.
  Triangle from(std::uint32_t v, std::uint32_t t) const {
    const auto [a, b, c] = triangles_[t];
    return a == v ? Triangle{a, b, c} : b == v ? Triangle{b, c, a} : Triangle{c, a, b};
  }

  /// Around other vertices each neighbour follows once and leads once.
  bool is_on_border(std::uint32_t v) const {
    std::uint32_t sum = 0;
    for (const std::uint32_t t : fan(v)) {
      const Triangle corners = from(v, t);
      sum += corners[1] - corners[2];
    }
    return sum != 0 || fan(v).empty();
  }

  /// What is in the middle of a vertex's neighbours.
  template <class T>
  T middle(std::span<const T> values, std::uint32_t v) const {
    T sum(0.0F);
    for (const std::uint32_t t : fan(v)) sum += values[from(v, t)[1]];
    return sum / static_cast<float>(fan(v).size());
  }

  struct Place {
    std::uint32_t vertex;
    float error;
  };

  /// The neighbour that it may be drawn to with the least error; itself: none.
  Place best_place(std::uint32_t v, float most_error) const {
    Place best{v, most_error};
    if (spent_[v] + bending_[v] > most_error) return best;
    const float3 normal = part_.normals[v];
    if (length(normalize(middle(std::span(part_.normals), v)) - normal) > most_turned) return best;
    for (const std::uint32_t t : fan(v)) {
      const std::uint32_t to = from(v, t)[1];
      const float3 apart = part_.positions[to] - part_.positions[v];
      if (is_taken_[to] || length(apart) > most_length * most_error_) continue;
      if (std::abs(hang(part_, v) - hang(part_, to)) > most_share) continue;
      const float error = spent_[v] + std::max(bending_[v], distance_after(v, to));
      if (error < best.error) best = {to, error};
    }
    return best;
  }

  bool is_neighbour(std::uint32_t a, std::uint32_t b) const {
    return std::ranges::any_of(
        fan(a), [&](std::uint32_t t) { return std::ranges::contains(triangles_[t], b); });
  }

  /// How far the vertex is from the surface without it; infinite where that were no sheet.
  float distance_after(std::uint32_t v, std::uint32_t to) const {
    constexpr float never = std::numeric_limits<float>::infinity();
    int shared = 0;
    float most = 0;
    const float3 target = part_.positions[to];
    for (const std::uint32_t t : fan(v)) {
      const auto [self, a, b] = from(v, t);
      shared += a != to && is_neighbour(to, a);
      if (a == to || b == to) continue;
      const float3 at = part_.positions[self], pa = part_.positions[a], pb = part_.positions[b];
      const float3 before = cross(pa - at, pb - at), after = cross(pa - target, pb - target);
      const float along = dot(before, after), area = length(after);
      if (along <= least_turn * length(before) * area || area == 0) return never;
      most = std::max(most, std::abs(dot(after, at - target)) / area);
    }
    return shared == 2 ? most : never;
  }

  const AvatarPart& part_;
  float most_error_;
  std::vector<Triangle> triangles_;
  std::vector<std::uint32_t> begin_, fans_;
  std::vector<float> bending_;
  std::vector<float> spent_;            ///< the errors before, of what was drawn to each
  std::vector<std::uint8_t> is_taken_;  ///< around what this round has taken out
  std::vector<std::uint8_t> is_open_;   ///< the same of the round before; at first all
};

}  // namespace

std::vector<std::uint32_t> coarser(const AvatarPart& part, float most_error) {
  Coarsening coarsening(part, most_error);
  // What errs least first.
  for (const float share : {0.4F, 1.0F}) {
    coarsening.measure_bending();
    constexpr int most_rounds = 4;
    for (int i = 0; i < most_rounds && coarsening.round(share * most_error) > 0; ++i) continue;
  }
  return coarsening.indices();
}

}  // namespace vivavox
