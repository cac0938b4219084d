#include "engine/stage/normals.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace vivavox {

namespace {

float3 area_normal(float3 a, float3 b, float3 c) {
  return cross(b - a, c - a);
}

float3 unit(float3 v, float3 fallback) {
  const float size = length(v);
  return size > 0 ? v / size : fallback;
}

/// Numbers the vertices so that equal (position, normal) pairs share a number.
std::vector<std::uint32_t> weld(std::span<const float3> positions,
                                std::span<const float3> normals) {
  std::vector<std::uint32_t> order(positions.size());
  std::iota(order.begin(), order.end(), 0U);
  // Sorting writes a comparison down some forty times: 2 KB of every page.
  const auto key_less = [&] [[gnu::noinline]] (std::uint32_t a, std::uint32_t b) {
    const std::array ka{positions[a].x, positions[a].y, positions[a].z,
                        normals[a].x,   normals[a].y,   normals[a].z};
    const std::array kb{positions[b].x, positions[b].y, positions[b].z,
                        normals[b].x,   normals[b].y,   normals[b].z};
    return ka < kb;
  };
  std::ranges::sort(order, key_less);
  std::vector<std::uint32_t> group(positions.size());
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && key_less(order[i - 1], order[i])) ++count;
    group[order[i]] = count;
  }
  return group;
}

/// Lists values by key: those of key k lie in [begin[k], begin[k + 1]).
void group_by(std::span<const std::uint32_t> keys, std::uint32_t values_per_key_step,
              std::vector<std::uint32_t>& values, std::vector<std::uint32_t>& begin) {
  const std::uint32_t count = keys.empty() ? 0 : *std::ranges::max_element(keys) + 1;
  begin.assign(count + 1, 0);
  for (const std::uint32_t key : keys) ++begin[key + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  values.resize(keys.size());
  std::vector<std::uint32_t> next(begin.begin(), begin.end());
  for (std::uint32_t i = 0; i < keys.size(); ++i) values[next[keys[i]]++] = i / values_per_key_step;
}

}  // namespace

std::vector<float3> smooth_normals(std::span<const float3> positions,
                                   std::span<const std::uint32_t> indices) {
  std::vector<float3> normals(positions.size(), float3(0.0F));
  for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
    const float3 normal =
        area_normal(positions[indices[i]], positions[indices[i + 1]], positions[indices[i + 2]]);
    for (std::size_t k = 0; k < 3; ++k) normals[indices[i + k]] += normal;
  }
  for (float3& normal : normals) normal = unit(normal, {0, 0, 1});
  return normals;
}

NormalChanges::NormalChanges(std::span<const float3> positions, std::span<const float3> normals,
                             std::span<const std::uint32_t> indices)
    : positions_(positions), indices_(indices), group_of_(weld(positions, normals)) {
  group_by(group_of_, 1, members_, member_begin_);
  std::vector<std::uint32_t> corner_group;
  corner_group.reserve(indices.size());
  for (const std::uint32_t vertex : indices) corner_group.push_back(group_of_[vertex]);
  group_by(corner_group, 3, triangles_, triangle_begin_);
  triangle_begin_.resize(member_begin_.size(), static_cast<std::uint32_t>(triangles_.size()));
}

NormalChanges::Change NormalChanges::of(std::span<const std::uint32_t> vertices,
                                        std::span<const float3> displacements) const {
  std::vector<float3> displacement(positions_.size(), float3(0.0F));
  for (std::size_t i = 0; i < vertices.size(); ++i) displacement[vertices[i]] = displacements[i];
  std::vector<bool> turns(member_begin_.size(), false);
  for (const std::uint32_t vertex : vertices) {
    const std::uint32_t group = group_of_[vertex];
    for (std::uint32_t t = triangle_begin_[group]; t < triangle_begin_[group + 1]; ++t) {
      for (std::size_t k = 0; k < 3; ++k) turns[group_of_[indices_[triangles_[t] * 3 + k]]] = true;
    }
  }
  Change change;
  for (std::uint32_t vertex = 0; vertex < positions_.size(); ++vertex) {
    const std::uint32_t group = group_of_[vertex];
    if (!turns[group]) continue;
    float3 before(0.0F);
    float3 after(0.0F);
    for (std::uint32_t t = triangle_begin_[group]; t < triangle_begin_[group + 1]; ++t) {
      const std::uint32_t* corner = &indices_[triangles_[t] * 3];
      const float3 a = positions_[corner[0]];
      const float3 b = positions_[corner[1]];
      const float3 c = positions_[corner[2]];
      before += area_normal(a, b, c);
      after += area_normal(a + displacement[corner[0]], b + displacement[corner[1]],
                           c + displacement[corner[2]]);
    }
    const float3 rest = unit(before, {0, 0, 1});
    change.vertices.push_back(vertex);
    change.normals.push_back(unit(after, rest) - rest);
  }
  return change;
}

}  // namespace vivavox
