#include "engine/stage/openness.h"

#include <algorithm>
#include <limits>
#include <numbers>
#include <span>

namespace vivavox {

namespace {

/// Surfaces lie so far over themselves, in pixels, that they stand in no light of their own.
constexpr float lift_px = 1.6F;
constexpr float slack_px = 0.6F;

/// Evenly around a ball. Source: Vogel's spiral.
float3 direction(int index, int count) {
  const float turn = std::numbers::pi_v<float> * (3 - std::sqrt(5.0F)) * float(index);
  const float y = 1 - (2 * float(index) + 1) / float(count);
  const float across = std::sqrt(1 - y * y);
  return {across * std::cos(turn), y, across * std::sin(turn)};
}

/// A region as it is seen from afar: x and y in pixels, z in pixels towards the eye.
class View {
 public:
  View(const Region& region, float3 towards, int side_px)
      : centre_(region.centre),
        right_(any_tangent(towards)),
        up_(cross(towards, right_)),
        towards_(towards),
        scale_(float(side_px) / (2 * region.radius)),
        middle_px_(float(side_px) / 2) {}

  float3 operator()(float3 point) const {
    const float3 offset = (point - centre_) * scale_;
    return {dot(offset, right_) + middle_px_, dot(offset, up_) + middle_px_, dot(offset, towards_)};
  }

 private:
  float3 centre_, right_, up_, towards_;
  float scale_, middle_px_;
};

/// What of a shape is nearest to the eye, at each pixel.
class DepthMap {
 public:
  explicit DepthMap(int side_px)
      : side_px_(side_px),
        depths_(static_cast<std::size_t>(side_px) * std::size_t(side_px),
                std::numeric_limits<float>::lowest()) {}

  /// A triangle, at the pixels whose middle it covers.
  void draw(float3 a, float3 b, float3 c) {
    const float area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if (area == 0) return;
    const int left = first_pixel(std::min({a.x, b.x, c.x}));
    const int right = last_pixel(std::max({a.x, b.x, c.x}));
    const int top = first_pixel(std::min({a.y, b.y, c.y}));
    const int bottom = last_pixel(std::max({a.y, b.y, c.y}));
    // Barycentric coordinates and the depth are linear over the picture.
    const float2 u_slope = float2(c.y - a.y, a.x - c.x) / area;
    const float2 v_slope = float2(a.y - b.y, b.x - a.x) / area;
    for (int y = top; y <= bottom; ++y) {
      const float dy = float(y) + 0.5F - a.y;
      float* row = &depths_[std::size_t(y) * std::size_t(side_px_)];
      for (int x = left; x <= right; ++x) {
        const float dx = float(x) + 0.5F - a.x;
        const float u = dx * u_slope.x + dy * u_slope.y;
        const float v = dx * v_slope.x + dy * v_slope.y;
        if (u < 0 || v < 0 || u + v > 1) continue;
        row[x] = std::max(row[x], a.z + u * (b.z - a.z) + v * (c.z - a.z));
      }
    }
  }

  /// The share of the four pixels around a point that nothing is before it in, each as near as it
  /// is.
  float share_before(float3 point) const {
    const float x = point.x - 0.5F, y = point.y - 0.5F;
    const int left = static_cast<int>(std::max(x, -1.0F) + 1) - 1;
    const int top = static_cast<int>(std::max(y, -1.0F) + 1) - 1;
    const float right_share = x - float(left), lower_share = y - float(top);
    float open = 0;
    for (const auto& [dx, dy] :
         {std::pair(0, 0), std::pair(1, 0), std::pair(0, 1), std::pair(1, 1)}) {
      const float share =
          (dx == 1 ? right_share : 1 - right_share) * (dy == 1 ? lower_share : 1 - lower_share);
      if (is_open(left + dx, top + dy, point.z)) open += share;
    }
    return open;
  }

 private:
  // The first pixel whose middle is at an edge or beyond, and the last one before. (Rounding by
  // conversion: by name it is a call on processors of any age.)
  static constexpr float half_pixel = 0.5F;
  int first_pixel(float edge) const {
    return static_cast<int>(std::clamp(edge, 0.0F, float(side_px_)) + half_pixel);
  }
  int last_pixel(float edge) const {
    return static_cast<int>(std::clamp(edge, -half_pixel, float(side_px_) - half_pixel) +
                            half_pixel) -
           1;
  }

  bool is_open(int x, int y, float depth) const {
    if (x < 0 || y < 0 || x >= side_px_ || y >= side_px_) return true;
    return depths_[std::size_t(y) * std::size_t(side_px_) + std::size_t(x)] <= depth + slack_px;
  }

  int side_px_;
  std::vector<float> depths_;
};

}  // namespace

Openness::Openness(std::shared_ptr<const Solid> solid, const Region& region, int directions,
                   int side_px)
    : solid_(std::move(solid)), region_(region), directions_(directions), side_px_(side_px) {
  const auto is_inside = [&](std::uint32_t vertex) {
    return distance(solid_->positions[vertex], region.centre) <= region.radius;
  };
  for (std::size_t i = 0; i + 2 < solid_->indices.size(); i += 3) {
    const std::span corners = std::span(solid_->indices).subspan(i, 3);
    if (!std::ranges::any_of(corners, is_inside)) continue;
    for (const std::uint32_t corner : corners) corners_.push_back(corner);
  }
  for (const std::uint32_t vertex : solid_->receivers) {
    if (is_inside(vertex)) receivers_.push_back(vertex);
  }
  open_.resize(receivers_.size());
  whole_.resize(receivers_.size());
}

bool Openness::look() {
  const float3 towards = direction(looked_, directions_);
  const View view(region_, towards, side_px_);
  const std::vector<float3>& positions = solid_->positions;
  DepthMap depths(side_px_);
  for (std::size_t i = 0; i < corners_.size(); i += 3) {
    depths.draw(view(positions[corners_[i]]), view(positions[corners_[i + 1]]),
                view(positions[corners_[i + 2]]));
  }
  const float lift = lift_px * 2 * region_.radius / float(side_px_);
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    const float3 normal = solid_->normals[receivers_[i]];
    const float cosine = dot(normal, towards);
    if (cosine <= 0) continue;
    whole_[i] += cosine;
    open_[i] += cosine * depths.share_before(view(positions[receivers_[i]] + lift * normal));
  }
  return ++looked_ < directions_;
}

std::vector<float> Openness::shares() const {
  std::vector<float> shares(solid_->positions.size(), 1.0F);
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    if (whole_[i] > 0) shares[receivers_[i]] = open_[i] / whole_[i];
  }
  return shares;
}

}  // namespace vivavox
