#include "engine/stage/lids.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/held.h"
#include "engine/stage/target_names.h"

namespace vivavox {

namespace {

/// Which lid a bone's name means.
struct LidName {
  bool is_left = false;
  bool is_upper = false;

  bool operator==(const LidName&) const = default;
};

std::optional<LidName> lid_named(std::string_view name) {
  const std::string letters = letters_of(name);
  const std::vector<std::string> words = words_of(name);
  const auto has = [&](std::initializer_list<std::string_view> wanted) {
    return std::ranges::any_of(
        wanted, [&](std::string_view word) { return std::ranges::contains(words, word); });
  };
  // MakeHuman calls lids by the muscle.
  const bool is_lower_muscle = letters.contains("orbicularis04");
  const bool is_muscle = letters.contains("orbicularis03") || is_lower_muscle;
  if (!is_muscle && !letters.contains("eyelid") && !has({"lid", "lids"})) return std::nullopt;
  const bool is_lower = is_lower_muscle || letters.contains("lower") || has({"b", "bottom", "low"});
  const bool is_upper = letters.contains("upper") || has({"t", "top", "up"});
  // What is at the corners closes nothing.
  if (!is_upper && !is_lower && has({"inner", "outer"})) return std::nullopt;
  const bool is_left = letters.contains("left") || has({"l"});
  if (!is_left && !letters.contains("right") && !has({"r"})) return std::nullopt;
  return LidName{.is_left = is_left, .is_upper = !is_lower};
}

struct NamedLid {
  std::size_t node = 0;
  LidName name;
};

/// Bones that carry vertices, no lid below another.
std::vector<NamedLid> named_lids(const Avatar& avatar) {
  std::vector<bool> carries(avatar.nodes.size(), false);
  for (const AvatarPart& part : avatar.parts) {
    for (const Bone& bone : part.bones) carries[bone.node] = true;
  }
  std::vector<NamedLid> lids;
  std::vector<bool> is_in_lid(avatar.nodes.size(), false);
  for (std::size_t i = 0; i < avatar.nodes.size(); ++i) {
    const auto parent = avatar.nodes[i].parent;
    is_in_lid[i] = parent && is_in_lid[*parent];
    if (is_in_lid[i] || !carries[i]) continue;
    const auto name = lid_named(avatar.nodes[i].name);
    if (!name) continue;
    lids.push_back({.node = i, .name = *name});
    is_in_lid[i] = true;
  }
  return lids;
}

/// A vertex near an eye, seen from its middle.
struct Seen {
  float aside = 0;     ///< in the model's X
  float rise_rad = 0;  ///< above straight ahead
  float distance = 0;  ///< from the middle, without what is aside
  float hold = 0;      ///< of the lid that is asked for
};

Seen seen(float3 place, float3 middle) {
  const float3 way = place - middle;
  return {
      .aside = way.x, .rise_rad = std::atan2(way.y, way.z), .distance = std::hypot(way.y, way.z)};
}

/// The vertices around one eye, and how its lids hold them.
class Eye {
 public:
  Eye(const Avatar& avatar, std::span<const mat4f> world, const std::vector<NamedLid>& lids,
      bool is_left, std::optional<std::size_t> joint)
      : avatar_(avatar), world_(world), joint_(joint) {
    for (const NamedLid& lid : lids) {
      if (lid.name.is_left == is_left) lids_.push_back(lid);
    }
    collect();
    middle_ = joint ? world_[*joint][3].xyz : behind_lids();
  }

  float3 middle() const { return middle_; }

  /// How far the lid goes to meet the other; 0 where nothing hangs on it in front of the eye.
  float closed_rad(const NamedLid& lid) const {
    constexpr float least_rad = 0.05F, most_rad = 1.4F, lower_share = 0.2F;
    const auto edge = edge_of(in_the_middle(held_by(lid.node)), lid.name.is_upper);
    if (!edge) return 0;
    const bool has_both = std::ranges::any_of(
        lids_, [&](const NamedLid& other) { return other.name.is_upper != lid.name.is_upper; });
    const float share = !has_both ? 1 : lid.name.is_upper ? 1 - lower_share : lower_share;
    const float gap_rad = std::abs(edge->rise_rad - other_edge_rad(lid, *edge));
    const float way = std::clamp(gap_rad * share / edge->hold, least_rad, most_rad);
    return lid.name.is_upper ? way : -way;
  }

 private:
  struct Vertex {
    float3 place;
    std::vector<float> holds;  ///< of each of lids_
  };

  void collect() {
    for (const AvatarPart& part : avatar_.parts) {
      const Surface surface = avatar_.materials[part.material].surface;
      if (surface == Surface::eye || surface == Surface::lash || surface == Surface::hair) continue;
      for (std::size_t i = 0; i < part.positions.size(); ++i) {
        Vertex vertex{.place = vertex_place(part, world_, i), .holds = {}};
        for (const NamedLid& lid : lids_)
          vertex.holds.push_back(hold_of(avatar_, part, i, lid.node));
        if (is_on_lid(vertex) || !is_on_eye(part, i)) vertices_.push_back(std::move(vertex));
      }
    }
  }

  static bool is_on_lid(const Vertex& vertex) {
    return std::ranges::any_of(vertex.holds, [](float hold) { return hold > 0.5F; });
  }

  bool is_on_eye(const AvatarPart& part, std::size_t vertex) const {
    return joint_ && hold_of(avatar_, part, vertex, *joint_) > 0.5F;
  }

  /// Where no joint says: as far behind the lids as they are wide.
  float3 behind_lids() const {
    float3 low(1e9F), high(-1e9F);
    for (const Vertex& vertex : vertices_) {
      if (!is_on_lid(vertex)) continue;
      low = min(low, vertex.place);
      high = max(high, vertex.place);
    }
    const float3 centre = (low + high) * 0.5F;
    return {centre.x, centre.y, high.z - (high.x - low.x) * 0.5F};
  }

  /// What hangs on the lid by at least half of what hangs on it most.
  std::vector<Seen> held_by(std::size_t node) const {
    const auto index =
        static_cast<std::size_t>(std::ranges::find(lids_, node, &NamedLid::node) - lids_.begin());
    std::vector<Seen> held;
    float most = 0;
    for (const Vertex& vertex : vertices_) most = std::max(most, vertex.holds[index]);
    for (const Vertex& vertex : vertices_) {
      if (!(vertex.holds[index] > most * 0.5F)) continue;
      held.push_back(seen(vertex.place, middle_));
      held.back().hold = vertex.holds[index];
    }
    std::erase_if(held, [](const Seen& one) { return std::abs(one.rise_rad) > 1.3F; });
    return held;
  }

  /// At the corners lids meet from the start.
  static std::vector<Seen> in_the_middle(std::vector<Seen> held) {
    constexpr float share = 0.2F;
    if (held.empty()) return held;
    const auto [left, right] = std::ranges::minmax(held, {}, &Seen::aside);
    const float middle = (left.aside + right.aside) / 2, wide = right.aside - left.aside;
    std::erase_if(held,
                  [&](const Seen& one) { return std::abs(one.aside - middle) > wide * share; });
    return held;
  }

  /// The lowest of an upper lid, the highest of a lower one.
  static std::optional<Seen> edge_of(const std::vector<Seen>& held, bool is_upper) {
    if (held.empty()) return std::nullopt;
    return is_upper ? *std::ranges::min_element(held, {}, &Seen::rise_rad)
                    : *std::ranges::max_element(held, {}, &Seen::rise_rad);
  }

  /// The rise of what the lid meets above or below its edge: the other lid, or the skin there.
  float other_edge_rad(const NamedLid& lid, const Seen& edge) const {
    constexpr float usual_rad = 0.5F, near = 0.35F, beside = 0.2F, free = 0.25F;
    std::vector<Seen> others;
    for (const NamedLid& other : lids_) {
      if (other.name.is_upper == lid.name.is_upper) continue;
      for (const Seen& one : held_by(other.node)) others.push_back(one);
    }
    if (others.empty()) {
      for (const Vertex& vertex : vertices_) {
        if (std::ranges::any_of(vertex.holds, [](float hold) { return hold > free; })) continue;
        const Seen one = seen(vertex.place, middle_);
        if (std::abs(one.distance / edge.distance - 1) < near) others.push_back(one);
      }
    }
    std::erase_if(others, [&](const Seen& one) {
      const bool is_beyond =
          lid.name.is_upper ? one.rise_rad < edge.rise_rad : one.rise_rad > edge.rise_rad;
      return !is_beyond || std::abs(one.aside - edge.aside) > beside * edge.distance;
    });
    const auto met = edge_of(others, !lid.name.is_upper);
    if (met) return met->rise_rad;
    return edge.rise_rad + (lid.name.is_upper ? -usual_rad : usual_rad);
  }

  const Avatar& avatar_;
  std::span<const mat4f> world_;
  std::optional<std::size_t> joint_;
  std::vector<NamedLid> lids_;
  std::vector<Vertex> vertices_;
  float3 middle_{0, 0, 0};
};

}  // namespace

std::vector<Lid> find_lids(const Avatar& avatar, const FaceJoints& joints,
                           std::span<const mat4f> world) {
  const std::vector<NamedLid> named = named_lids(avatar);
  std::vector<Lid> lids;
  for (const bool is_left : {true, false}) {
    if (!std::ranges::contains(named, is_left, [](const auto& one) { return one.name.is_left; }))
      continue;
    const Eye eye(avatar, world, named, is_left, is_left ? joints.left_eye : joints.right_eye);
    for (const NamedLid& one : named) {
      if (one.name.is_left != is_left) continue;
      const float closed_rad = eye.closed_rad(one);
      if (closed_rad == 0) continue;
      const auto parent = avatar.nodes[one.node].parent;
      const mat4f to_parent = parent ? inverse(world[*parent]) : mat4f();
      const float3 axis = (to_parent * float4(1, 0, 0, 0)).xyz;
      if (!(length(axis) > 0)) continue;
      lids.push_back({.node = one.node,
                      .blink = is_left ? BlendShape::eyeBlinkLeft : BlendShape::eyeBlinkRight,
                      .centre = transformed(to_parent, eye.middle()),
                      .axis = normalize(axis),
                      .closed_rad = closed_rad});
    }
  }
  return lids;
}

Transform turned_lid(const Lid& lid, float closed, const Transform& open) {
  const float half_rad = lid.closed_rad * closed / 2;
  const quatf turn(lid.axis * std::sin(half_rad), std::cos(half_rad));
  return {.translation = lid.centre + turn * (open.translation - lid.centre),
          .rotation = turn * open.rotation,
          .scale = open.scale};
}

}  // namespace vivavox
