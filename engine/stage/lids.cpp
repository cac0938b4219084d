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

// More than any maker's rig has.
constexpr std::size_t max_lids = 32;
constexpr std::size_t none = ~std::size_t{0};

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
  for (std::size_t i = 0; i < avatar.nodes.size() && lids.size() < max_lids; ++i) {
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

/// A vertex of the face and the lid that holds it most.
struct Held {
  float3 place;
  std::size_t lid = none;
  float hold = 0;
};

/// A vertex as it is seen from an eye's middle.
struct Seen {
  float aside = 0;     ///< in the model's X
  float rise_rad = 0;  ///< above straight ahead
  float distance = 0;  ///< from the middle, without what is aside
  float hold = 0;
};

Seen seen(const Held& vertex, float3 middle) {
  const float3 way = vertex.place - middle;
  return {.aside = way.x,
          .rise_rad = std::atan2(way.y, way.z),
          .distance = std::hypot(way.y, way.z),
          .hold = vertex.hold};
}

/// For each node the lid that it is, or hangs on.
std::vector<std::size_t> lids_of_nodes(const Avatar& avatar, const std::vector<NamedLid>& lids) {
  std::vector<std::size_t> lid_of(avatar.nodes.size(), none);
  for (std::size_t i = 0; i < lids.size(); ++i) lid_of[lids[i].node] = i;
  for (std::size_t i = 0; i < lid_of.size(); ++i) {
    const auto parent = avatar.nodes[i].parent;
    if (lid_of[i] == none && parent) lid_of[i] = lid_of[*parent];
  }
  return lid_of;
}

/// The vertices of lids and of what lies beside them, but for the eyes themselves.
std::vector<Held> held_vertices(const Avatar& avatar, std::span<const mat4f> world,
                                const FaceJoints& joints, const std::vector<NamedLid>& lids) {
  const std::vector<std::size_t> lid_of = lids_of_nodes(avatar, lids);
  const auto is_eye = [&](std::size_t node) {
    return joints.left_eye == node || joints.right_eye == node;
  };
  std::vector<Held> all;
  for (const AvatarPart& part : avatar.parts) {
    const Surface surface = avatar.materials[part.material].surface;
    if (surface == Surface::eye || surface == Surface::lash || surface == Surface::hair) continue;
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      Held vertex{.place = vertex_place(part, world, i)};
      float on_eye = 0;
      for (std::size_t k = 0; k < 4; ++k) {
        const std::size_t node = part.bones[part.joints[i][k]].node;
        const float weight = part.weights[i][k];
        if (lid_of[node] != none && weight > vertex.hold) {
          vertex.lid = lid_of[node];
          vertex.hold = weight;
        } else if (is_eye(node)) {
          on_eye += weight;
        }
      }
      if (on_eye < 0.5F) all.push_back(vertex);
    }
  }
  return all;
}

/// The lids of one eye.
class Eye {
 public:
  Eye(std::span<const NamedLid> lids, std::span<const Held> vertices, bool is_left)
      : lids_(lids), vertices_(vertices), is_left_(is_left) {
    middle_ = behind_lids();
  }

  void set_middle(float3 middle) { middle_ = middle; }
  float3 middle() const { return middle_; }

  /// How far the lid goes to meet the other; 0 where nothing hangs on it in front of the eye.
  float closed_rad(std::size_t lid) const {
    constexpr float least_rad = 0.05F, most_rad = 1.4F, lower_share = 0.2F;
    const bool is_upper = lids_[lid].name.is_upper;
    const auto edge = edge_of(in_the_middle(held_by(lid)), is_upper);
    if (!edge) return 0;
    const bool has_both =
        std::ranges::contains(lids_, LidName{is_left_, !is_upper}, &NamedLid::name);
    const float share = !has_both ? 1 : is_upper ? 1 - lower_share : lower_share;
    const float gap_rad = std::abs(edge->rise_rad - other_edge_rad(is_upper, *edge));
    const float way = std::clamp(gap_rad * share / edge->hold, least_rad, most_rad);
    return is_upper ? way : -way;
  }

 private:
  bool is_of(std::size_t lid, bool is_upper) const {
    return lid != none && lids_[lid].name == LidName{is_left_, is_upper};
  }

  /// Where no joint says: as far behind the lids as they are wide.
  float3 behind_lids() const {
    float3 low(1e9F), high(-1e9F);
    for (const Held& vertex : vertices_) {
      if (!is_of(vertex.lid, true) && !is_of(vertex.lid, false)) continue;
      low = min(low, vertex.place);
      high = max(high, vertex.place);
    }
    const float3 centre = (low + high) * 0.5F;
    return {centre.x, centre.y, high.z - (high.x - low.x) * 0.5F};
  }

  /// What hangs on the lid, before the eye, by at least half of what hangs on it most.
  std::vector<Seen> held_by(std::size_t lid) const {
    constexpr float before_rad = 1.3F;
    std::vector<Seen> held;
    float most = 0;
    for (const Held& vertex : vertices_) {
      if (vertex.lid == lid) most = std::max(most, vertex.hold);
    }
    for (const Held& vertex : vertices_) {
      const Seen one = seen(vertex, middle_);
      if (vertex.lid == lid && one.hold > most * 0.5F && std::abs(one.rise_rad) < before_rad)
        held.push_back(one);
    }
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

  /// The rise of what a lid meets above or below its edge: the other lid, or the skin there.
  float other_edge_rad(bool is_upper, const Seen& edge) const {
    constexpr float usual_rad = 0.5F, near = 0.35F, beside = 0.2F;
    std::vector<Seen> others;
    for (std::size_t i = 0; i < lids_.size(); ++i) {
      if (!is_of(i, !is_upper)) continue;
      const std::vector<Seen> held = held_by(i);
      others.insert(others.end(), held.begin(), held.end());
    }
    if (others.empty()) {
      for (const Held& vertex : vertices_) {
        const Seen one = seen(vertex, middle_);
        if (vertex.lid == none && std::abs(one.distance / edge.distance - 1) < near)
          others.push_back(one);
      }
    }
    std::erase_if(others, [&](const Seen& one) {
      const bool is_beyond = is_upper ? one.rise_rad < edge.rise_rad : one.rise_rad > edge.rise_rad;
      return !is_beyond || std::abs(one.aside - edge.aside) > beside * edge.distance;
    });
    const auto met = edge_of(others, !is_upper);
    if (met) return met->rise_rad;
    return edge.rise_rad + (is_upper ? -usual_rad : usual_rad);
  }

  std::span<const NamedLid> lids_;
  std::span<const Held> vertices_;
  bool is_left_;
  float3 middle_{0, 0, 0};
};

}  // namespace

std::vector<Lid> find_lids(const Avatar& avatar, const FaceJoints& joints,
                           std::span<const mat4f> world) {
  const std::vector<NamedLid> named = named_lids(avatar);
  std::vector<Lid> lids;
  if (named.empty()) return lids;
  const std::vector<Held> vertices = held_vertices(avatar, world, joints, named);
  for (const bool is_left : {true, false}) {
    Eye eye(named, vertices, is_left);
    if (const auto joint = is_left ? joints.left_eye : joints.right_eye)
      eye.set_middle(world[*joint][3].xyz);
    for (std::size_t i = 0; i < named.size(); ++i) {
      const float closed_rad = named[i].name.is_left == is_left ? eye.closed_rad(i) : 0;
      if (closed_rad == 0) continue;
      const auto parent = avatar.nodes[named[i].node].parent;
      const mat4f to_parent = parent ? inverse(world[*parent]) : mat4f();
      const float3 axis = (to_parent * float4(1, 0, 0, 0)).xyz;
      if (!(length(axis) > 0)) continue;
      lids.push_back({.node = named[i].node,
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
