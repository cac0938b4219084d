#include "engine/stage/blend.h"

#include <algorithm>
#include <limits>

#include "engine/stage/normals.h"

namespace vivavox {

namespace {

constexpr float int16_max = std::numeric_limits<std::int16_t>::max();

/// The direction in which u grows, at each vertex, and whether v grows against
/// the bitangent (w −1). Source: Lengyel, "Computing Tangent Space Basis Vectors
/// for an Arbitrary Mesh", 2001.
std::vector<float4> tangents_from_uvs(const AvatarPart& part) {
  std::vector<float3> along_u(part.positions.size(), float3(0.0F));
  std::vector<float3> along_v(part.positions.size(), float3(0.0F));
  for (std::size_t i = 0; i + 2 < part.indices.size(); i += 3) {
    const auto [a, b, c] = std::array{part.indices[i], part.indices[i + 1], part.indices[i + 2]};
    const float3 e1 = part.positions[b] - part.positions[a];
    const float3 e2 = part.positions[c] - part.positions[a];
    const float2 d1 = part.uvs[b] - part.uvs[a];
    const float2 d2 = part.uvs[c] - part.uvs[a];
    const float area = d1.x * d2.y - d2.x * d1.y;
    if (std::abs(area) < 1e-20F) continue;
    const float sign = area < 0 ? -1.0F : 1.0F;
    for (const std::uint32_t vertex : {a, b, c}) {
      along_u[vertex] += (e1 * d2.y - e2 * d1.y) * sign;
      along_v[vertex] += (e2 * d1.x - e1 * d2.x) * sign;
    }
  }
  std::vector<float4> tangents;
  for (std::size_t i = 0; i < part.positions.size(); ++i) {
    const float3 n = part.normals[i];
    const float3 t = along_u[i] - n * dot(n, along_u[i]);
    const float size = length(t);
    const float3 tangent = size > 1e-12F ? t / size : any_tangent(n);
    const float side = dot(cross(n, tangent), along_v[i]) < 0 ? -1.0F : 1.0F;
    tangents.emplace_back(tangent, side);
  }
  return tangents;
}

quatf frame_of(float3 normal, float3 tangent) {
  const float3 across = tangent - normal * dot(normal, tangent);
  const float3 t = length(across) > 1e-6F ? normalize(across) : any_tangent(normal);
  return normalize(mat3f(t, cross(normal, t), normal).toQuaternion());
}

TangentFrame packed(quatf frame, bool mirrored) {
  // w carries the sign of the bitangent, so it must not be zero.
  constexpr float least_w = 1.0F / int16_max;
  if (frame.w < 0) frame = -frame;
  if (frame.w < least_w) {
    const float rest = std::sqrt(1.0F - least_w * least_w);
    frame = quatf(frame.xyz * rest, least_w);
  }
  if (mirrored) frame = -frame;
  // std::lround is a call for each number in WebAssembly: a third of the time of blending.
  const auto number = [](float value) {
    // In this order what is no number, as positions of 1e30 give, becomes −1.
    const float scaled = std::min(std::max(-1.0F, value), 1.0F) * int16_max;
    return static_cast<std::int16_t>(scaled + (scaled < 0 ? -0.5F : 0.5F));
  };
  return {number(frame.x), number(frame.y), number(frame.z), number(frame.w)};
}

}  // namespace

BlendedPart::BlendedPart(const AvatarPart& part) {
  collect_deltas(part);
  order_vertices(part);
  set_frames(part);
}

/// Joins each target's displacements with the turns of normals they cause.
void BlendedPart::collect_deltas(const AvatarPart& part) {
  const NormalChanges changes(part.positions, part.normals, part.indices);
  for (const MorphTarget& target : part.targets) {
    const std::size_t begin = deltas_.size();
    NormalChanges::Change change{.vertices = target.vertices, .normals = target.normals};
    if (target.normals.empty()) change = changes.of(target.vertices, target.positions);
    std::size_t next = 0;
    for (std::size_t i = 0; i < change.vertices.size(); ++i) {
      const std::uint32_t vertex = change.vertices[i];
      // Moved vertices that no triangle uses do not turn; they are not drawn.
      while (next < target.vertices.size() && target.vertices[next] < vertex) ++next;
      const bool moves = next < target.vertices.size() && target.vertices[next] == vertex;
      deltas_.push_back({.vertex = vertex,
                         .position = moves ? target.positions[next] : float3(0.0F),
                         .normal = change.normals[i]});
    }
    (target.is_lasting ? lasting_ : targets_)
        .push_back({.index = target.target, .begin = begin, .end = deltas_.size()});
  }
}

/// Puts the vertices that poses move first, then those that only lasting targets do, and renumbers
/// everything so.
void BlendedPart::order_vertices(const AvatarPart& part) {
  enum Moves : std::uint8_t { still, lasting, posed };
  std::vector<std::uint8_t> moves(part.positions.size(), still);
  const auto mark = [&](std::span<const Target> targets, Moves how) {
    for (const Target& target : targets) {
      for (std::size_t k = target.begin; k < target.end; ++k) moves[deltas_[k].vertex] = how;
    }
  };
  mark(lasting_, lasting);
  mark(targets_, posed);
  std::array<std::size_t, 3> end_of{};
  for (const Moves how : {posed, lasting, still}) {
    for (std::uint32_t v = 0; v < moves.size(); ++v) {
      if (moves[v] == how) source_.push_back(v);
    }
    end_of[how] = source_.size();
  }
  moved_.resize(end_of[posed]);
  turned_.resize(end_of[posed]);
  rest_.resize(end_of[lasting]);
  const std::vector<std::uint32_t> place = places();
  for (Delta& delta : deltas_) delta.vertex = place[delta.vertex];
  for (const std::uint32_t vertex : source_) positions_.push_back(part.positions[vertex]);
}

std::vector<std::uint32_t> BlendedPart::placed(std::span<const std::uint32_t> indices) const {
  const std::vector<std::uint32_t> place = places();
  std::vector<std::uint32_t> placed;
  placed.reserve(indices.size());
  for (const std::uint32_t index : indices) placed.push_back(place[index]);
  return placed;
}

/// Where each vertex of the AvatarPart is here.
std::vector<std::uint32_t> BlendedPart::places() const {
  std::vector<std::uint32_t> places(source_.size());
  for (std::uint32_t i = 0; i < source_.size(); ++i) places[source_[i]] = i;
  return places;
}

void BlendedPart::set_frames(const AvatarPart& part) {
  const std::vector<float4> tangents =
      part.tangents.empty() ? tangents_from_uvs(part) : part.tangents;
  for (std::size_t i = 0; i < source_.size(); ++i) {
    const float3 normal = part.normals[source_[i]];
    const float4 tangent = tangents[source_[i]];
    const quatf frame = frame_of(normal, tangent.xyz);
    const bool mirrored = tangent.w < 0;
    frames_.push_back(packed(frame, mirrored));
    if (i < rest_.size()) {
      rest_[i] = {
          .position = positions_[i], .normal = normal, .frame = frame, .mirrored = mirrored};
    }
  }
}

bool BlendedPart::take_weights(std::span<const float> weights, std::span<Target> targets) {
  bool is_other = false;
  for (Target& target : targets) {
    is_other |= target.weight != weights[target.index];
    target.weight = weights[target.index];
  }
  return is_other;
}

void BlendedPart::add_up(std::span<const Target> targets, std::span<float3> moved,
                         std::span<float3> turned) const {
  for (const Target& target : targets) {
    if (target.weight == 0) continue;
    for (std::size_t k = target.begin; k < target.end; ++k) {
      const Delta& delta = deltas_[k];
      moved[delta.vertex] += delta.position * target.weight;
      turned[delta.vertex] += delta.normal * target.weight;
    }
  }
}

bool BlendedPart::reshape(std::span<const float> shape) {
  if (!take_weights(shape, lasting_)) return false;
  for (Target& target : targets_) target.weight = 0;
  std::vector<float3> moved(rest_.size()), turned(rest_.size());
  add_up(lasting_, moved, turned);
  shaped_.resize(moved_.size());
  for (std::size_t i = 0; i < rest_.size(); ++i) {
    const bool is_still = moved[i] == float3(0.0F) && turned[i] == float3(0.0F);
    const Rest state = is_still ? rest_[i] : changed(rest_[i], moved[i], turned[i]);
    put(i, state);
    if (i < shaped_.size()) shaped_[i] = state;
  }
  return true;
}

bool BlendedPart::blend(std::span<const float> weights) {
  if (!take_weights(weights, targets_)) return false;
  std::ranges::fill(moved_, float3(0.0F));
  std::ranges::fill(turned_, float3(0.0F));
  add_up(targets_, moved_, turned_);
  const std::span<const Rest> states = shaped_.empty() ? rest_ : shaped_;
  for (std::size_t i = 0; i < moved_.size(); ++i) put(i, changed(states[i], moved_[i], turned_[i]));
  return true;
}

BlendedPart::Rest BlendedPart::changed(const Rest& rest, float3 moved, float3 turned) {
  const float3 normal = rest.normal + turned;
  const float size = length(normal);
  if (!(size > 1e-3F)) return {rest.position + moved, rest.normal, rest.frame, rest.mirrored};
  const float3 unit = normal / size;
  return {rest.position + moved, unit, turn_between(rest.normal, unit) * rest.frame, rest.mirrored};
}

void BlendedPart::put(std::size_t vertex, const Rest& state) {
  positions_[vertex] = state.position;
  frames_[vertex] = packed(state.frame, state.mirrored);
}

}  // namespace vivavox
