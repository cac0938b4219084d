#include "tests/lips/mouth_mesh.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <ranges>
#include <stdexcept>

namespace vivavox {

namespace {

constexpr float same_place_m = 1e-5F;
constexpr float lip_height_m = 0.016F;    ///< of either lip, from the line where they meet
constexpr float middle_third_m = 0.008F;  ///< to either side
constexpr float column_m = 0.0012F;       ///< half the distance between columns of vertices
constexpr float incisor_edge_m = 0.0012F;

Avatar load_vivi() {
  std::ifstream file(VIVAVOX_ROOT "/shared/avatars/vivi.glb", std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  if (!avatar) throw std::runtime_error(avatar.error().message);
  return *std::move(avatar);
}

const AvatarPart& part_named(const Avatar& avatar, std::string_view name) {
  const auto found = std::ranges::find(avatar.parts, name, &AvatarPart::name);
  if (found == avatar.parts.end()) throw std::runtime_error("no part " + std::string(name));
  return *found;
}

/// How far a target at weight 1 moves each vertex of a part.
std::vector<float3> displacements(const Avatar& avatar, const AvatarPart& part,
                                  std::string_view target) {
  std::vector<float3> result(part.positions.size(), float3(0.0F));
  for (const MorphTarget& morph : part.targets) {
    if (avatar.target_names[morph.target] != target) continue;
    for (std::size_t i = 0; i < morph.vertices.size(); ++i) {
      result[morph.vertices[i]] = morph.positions[i];
    }
  }
  return result;
}

/// Vertices where the lips touch at rest: one of the upper and one of the lower lip in one place,
/// which an open jaw parts.
std::vector<std::uint32_t> contact(const Avatar& avatar, const AvatarPart& head) {
  const auto jaw = displacements(avatar, head, "jawOpen");
  std::vector<std::uint32_t> by_place;
  for (std::uint32_t i = 0; i < head.positions.size(); ++i) {
    if (jaw[i].y != 0) by_place.push_back(i);
  }
  const auto place = [&](std::uint32_t i) { return head.positions[i].x; };
  std::ranges::sort(by_place, {}, place);
  std::vector<std::uint32_t> result;
  for (std::size_t i = 0; i < by_place.size(); ++i) {
    for (std::size_t k = i + 1; k < by_place.size(); ++k) {
      if (place(by_place[k]) - place(by_place[i]) > same_place_m) break;
      const bool together =
          distance(head.positions[by_place[i]], head.positions[by_place[k]]) < same_place_m;
      const bool parted = std::abs(jaw[by_place[i]].y - jaw[by_place[k]].y) > 1e-4F;
      if (together && parted) result.insert(result.end(), {by_place[i], by_place[k]});
    }
  }
  if (result.empty()) throw std::runtime_error("no lips that touch at rest");
  return result;
}

/// The lips' vertices: around the line where they touch, and all along it.
std::vector<std::uint32_t> lip_vertices(const Avatar& avatar, const AvatarPart& head) {
  const auto touching = contact(avatar, head);
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < head.positions.size(); ++i) {
    const float3 here = head.positions[i];
    const bool near = std::ranges::any_of(touching, [&](std::uint32_t t) {
      const float3 line = head.positions[t];
      return std::abs(here.x - line.x) < column_m && std::abs(here.y - line.y) < lip_height_m &&
             std::abs(here.z - line.z) < lip_height_m;
    });
    if (near) result.push_back(i);
  }
  return result;
}

std::vector<std::uint32_t> lowest(const AvatarPart& part, float sign) {
  std::vector<std::uint32_t> all(part.positions.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const auto height = [&](std::uint32_t i) { return sign * part.positions[i].y; };
  return {*std::ranges::min_element(all, {}, height)};
}

std::vector<std::uint32_t> foremost(const AvatarPart& part) {
  std::vector<std::uint32_t> all(part.positions.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  return {*std::ranges::max_element(all, {}, [&](std::uint32_t i) { return part.positions[i].z; })};
}

std::vector<float3> incisor_edge(const AvatarPart& teeth) {
  const float edge_m = std::ranges::min(teeth.positions, {}, &float3::y).y;
  std::vector<float3> result;
  for (const float3& here : teeth.positions) {
    const bool front = std::abs(here.x) < middle_third_m && here.z > 0;
    if (front && here.y < edge_m + incisor_edge_m) result.push_back(here);
  }
  return result;
}

/// Source: Ericson, "Real-Time Collision Detection" (2005), 5.1.5.
float3 nearest_on_triangle(float3 p, const std::array<float3, 3>& corners) {
  const auto [a, b, c] = corners;
  const float3 ab = b - a, ac = c - a;
  const float d1 = dot(ab, p - a), d2 = dot(ac, p - a);
  if (d1 <= 0 && d2 <= 0) return a;
  const float d3 = dot(ab, p - b), d4 = dot(ac, p - b);
  if (d3 >= 0 && d4 <= d3) return b;
  const float vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + ab * (d1 / (d1 - d3));
  const float d5 = dot(ab, p - c), d6 = dot(ac, p - c);
  if (d6 >= 0 && d5 <= d6) return c;
  const float vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + ac * (d2 / (d2 - d6));
  const float va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 >= d3 && d5 >= d6) return b + (c - b) * ((d4 - d3) / (d4 - d3 + d5 - d6));
  return a + (ab * vb + ac * vc) / (va + vb + vc);
}

}  // namespace

/// Only the chosen vertices, without triangles: normals do not matter here.
MouthMesh::Vertices::Vertices(const AvatarPart& part, std::vector<std::uint32_t> chosen)
    : blended_([&] {
        std::ranges::sort(chosen);
        AvatarPart few;
        for (const std::uint32_t i : chosen) {
          few.positions.push_back(part.positions[i]);
          few.normals.push_back(part.normals[i]);
          few.uvs.emplace_back(0.0F);
        }
        for (const MorphTarget& target : part.targets) {
          MorphTarget cut{.target = target.target, .vertices = {}, .positions = {}, .normals = {}};
          for (std::size_t i = 0; i < target.vertices.size(); ++i) {
            const auto at = std::ranges::lower_bound(chosen, target.vertices[i]);
            if (at == chosen.end() || *at != target.vertices[i]) continue;
            cut.vertices.push_back(static_cast<std::uint32_t>(at - chosen.begin()));
            cut.positions.push_back(target.positions[i]);
            cut.normals.emplace_back(0.0F);
          }
          if (!cut.vertices.empty()) few.targets.push_back(std::move(cut));
        }
        return BlendedPart(few);
      }()),
      place_(blended_.source().size()) {
  for (std::size_t i = 0; i < place_.size(); ++i) place_[blended_.source()[i]] = i;
}

MouthMesh MouthMesh::vivi() {
  const Avatar avatar = load_vivi();
  return {avatar, Rig(avatar)};
}

MouthMesh::MouthMesh(const Avatar& avatar, Rig rig)
    : rig_(std::move(rig)),
      lips_(part_named(avatar, "head"), lip_vertices(avatar, part_named(avatar, "head"))),
      jaw_(part_named(avatar, "teeth_lower"), lowest(part_named(avatar, "teeth_lower"), -1)),
      tongue_(part_named(avatar, "tongue"), foremost(part_named(avatar, "tongue"))),
      incisors_(incisor_edge(part_named(avatar, "teeth_upper"))) {
  const AvatarPart& head = part_named(avatar, "head");
  auto lips = lip_vertices(avatar, head);
  std::ranges::sort(lips);
  find_columns(head, lips);
  find_lower_lip(head, lips);
  const auto touching = contact(avatar, head);
  const auto place_of = [&](std::uint32_t vertex) {
    return static_cast<std::size_t>(std::ranges::lower_bound(lips, vertex) - lips.begin());
  };
  const auto x = [&](std::uint32_t i) { return head.positions[i].x; };
  left_corner_ = place_of(*std::ranges::max_element(touching, {}, x));
  right_corner_ = place_of(*std::ranges::min_element(touching, {}, x));
  jaw_rest_m_ = jaw_[0].y;
  // The red of a lip bulges most: of the middle column, the foremost.
  const Column& middle = columns_.front();
  const auto z = [&](std::size_t i) { return lips_[i].z; };
  upper_red_ = *std::ranges::max_element(middle.upper, {}, z);
  lower_red_ = *std::ranges::max_element(middle.lower, {}, z);
}

/// The columns of vertices in the middle third, that of the middle first.
void MouthMesh::find_columns(const AvatarPart& head, std::span<const std::uint32_t> lips) {
  // The lower lip goes down with the jaw, the upper one hardly at all.
  BlendWeights open;
  open[BlendShape::jawOpen] = 1;
  std::vector<float3> rest;
  for (std::size_t i = 0; i < lips_.size(); ++i) rest.push_back(lips_[i]);
  lips_.blend(rig_.target_weights(open));
  constexpr int columns_a_side = static_cast<int>(middle_third_m / (2 * column_m));
  for (int k = 0; k <= 2 * columns_a_side; ++k) {
    // 0, 1, −1, 2, −2 …
    const float at_m = 2 * column_m * static_cast<float>(k % 2 == 0 ? -k / 2 : (k + 1) / 2);
    Column column;
    for (std::size_t i = 0; i < lips.size(); ++i) {
      if (std::abs(head.positions[lips[i]].x - at_m) > column_m) continue;
      const bool lower = rest[i].y - lips_[i].y > lip_height_m / 2;
      (lower ? column.lower : column.upper).push_back(i);
    }
    if (!column.upper.empty() && !column.lower.empty()) columns_.push_back(std::move(column));
  }
  lips_.blend(rig_.target_weights({}));
}

void MouthMesh::find_lower_lip(const AvatarPart& head, std::span<const std::uint32_t> lips) {
  std::vector<bool> is_lower(lips.size(), false);
  for (const Column& column : columns_) {
    for (const std::size_t i : column.lower) is_lower[i] = true;
  }
  for (std::size_t i = 0; i + 2 < head.indices.size(); i += 3) {
    std::array<std::size_t, 3> triangle{};
    bool inside = true;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto at = std::ranges::lower_bound(lips, head.indices[i + k]);
      triangle[k] = static_cast<std::size_t>(at - lips.begin());
      inside = inside && at != lips.end() && *at == head.indices[i + k] && is_lower[triangle[k]];
    }
    if (inside) lower_lip_.push_back(triangle);
  }
}

MouthLook MouthMesh::look(const BlendWeights& weights) {
  const auto target_weights = rig_.target_weights(weights);
  for (Vertices* part : {&lips_, &jaw_, &tongue_}) part->blend(target_weights);
  const auto height = [&](std::size_t i) { return lips_[i].y; };
  MouthLook look;
  look.opening_m = -std::numeric_limits<double>::infinity();
  for (const Column& column : columns_) {
    const float upper = std::ranges::min(column.upper | std::views::transform(height));
    const float lower = std::ranges::max(column.lower | std::views::transform(height));
    look.opening_m = std::max(look.opening_m, static_cast<double>(upper - lower));
  }
  look.width_m = static_cast<double>(distance(lips_[left_corner_], lips_[right_corner_]));
  look.jaw_m = static_cast<double>(jaw_rest_m_ - jaw_[0].y);
  look.upper_lip = lips_[upper_red_];
  look.lower_lip = lips_[lower_red_];
  look.jaw = jaw_[0];
  look.tongue = tongue_[0];
  return look;
}

double MouthMesh::lip_to_teeth_m(const BlendWeights& weights) {
  lips_.blend(rig_.target_weights(weights));
  float nearest_m = std::numeric_limits<float>::infinity();
  for (const auto& [a, b, c] : lower_lip_) {
    const std::array corners{lips_[a], lips_[b], lips_[c]};
    for (const float3& edge : incisors_) {
      nearest_m = std::min(nearest_m, distance(edge, nearest_on_triangle(edge, corners)));
    }
  }
  return static_cast<double>(nearest_m);
}

std::vector<float3> MouthMesh::lips(const BlendWeights& weights) {
  lips_.blend(rig_.target_weights(weights));
  std::vector<float3> result;
  for (std::size_t i = 0; i < lips_.size(); ++i) result.push_back(lips_[i]);
  return result;
}

}  // namespace vivavox
