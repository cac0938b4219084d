#include "engine/sculpt/face_targets.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/sculpt/eye_opening.h"
#include "engine/sculpt/mouth_shapes.h"
#include "engine/stage/framing.h"
#include "engine/stage/held.h"

namespace vivavox {

namespace {

constexpr float3 highest(1e9F);

struct Bounds {
  float3 low = highest, high = -highest;

  void add(float3 point) {
    low = min(low, point);
    high = max(high, point);
  }
  float3 centre() const { return (low + high) * 0.5F; }
};

/// A vertex at rest, in the model's coordinates.
struct Vertex {
  float3 place;
  mat3f to_part;      ///< takes ways back into the part's coordinates
  float on_head = 1;  ///< the share of it that follows the head
  float on_left_eye = 0, on_right_eye = 0;
};

/// An avatar's vertices, part by part.
class Head {
 public:
  Head(const Avatar& avatar, const Rig& rig)
      : avatar_(avatar), joints_(rig.joints()), place_(find_head(avatar, joints_)) {
    const std::vector<mat4f> world = rest_transforms(avatar);
    for (const AvatarPart& part : avatar.parts) add(part, world);
    skin_ = has(Surface::skin) ? Surface::skin : Surface::plain;
    take_skin();
  }

  /// Whether all of it lies where one can reckon with it.
  bool is_measurable() const {
    constexpr float most = 1e6F, least = 1e-4F;
    const auto is_near = [](const Vertex& one) { return length(one.place) < most; };
    return place_.height > least && length(place_.centre) < most && place_.height < most &&
           std::ranges::all_of(
               parts_,
               [&](const std::vector<Vertex>& part) { return std::ranges::all_of(part, is_near); });
  }

  const HeadPlace& place() const { return place_; }
  std::span<const float3> skin_places() const { return places_; }
  std::span<const std::uint32_t> skin_triangles() const { return triangles_; }
  const std::vector<Vertex>& part(std::size_t index) const { return parts_[index]; }
  Surface surface(std::size_t part) const {
    return avatar_.materials[avatar_.parts[part].material].surface;
  }
  bool is_skin(std::size_t part) const { return surface(part) == skin_; }

  /// Hair that is all in the lower half of the face.
  bool is_beard(std::size_t part, float3 hinge) const {
    constexpr float above = 0.1F, behind = 0.1F;
    if (surface(part) != Surface::hair) return false;
    Bounds bounds;
    for (const Vertex& vertex : parts_[part]) bounds.add(vertex.place);
    return bounds.high.y < place_.centre.y + above * place_.height &&
           bounds.low.z > hinge.z - behind * place_.height;
  }

  /// The ball of an eye, by its surface or by what hangs on its joint.
  std::optional<EyeBall> eye(bool is_left) const {
    Bounds bounds;
    const bool by_surface = has(Surface::eye);
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      for (const Vertex& vertex : parts_[part]) {
        const float on_joint = is_left ? vertex.on_left_eye : vertex.on_right_eye;
        const bool is_aside = (vertex.place.x > place_.centre.x) == is_left;
        if (by_surface ? surface(part) == Surface::eye && is_aside && vertex.on_head > 0.5F
                       : on_joint > 0.5F)
          bounds.add(vertex.place);
      }
    }
    const float3 size = bounds.high - bounds.low;
    const float radius = std::max(size.x, size.y) / 2;
    constexpr float least = 0.02F, most = 0.25F;
    if (!(radius > least * place_.height && radius < most * place_.height)) return std::nullopt;
    return EyeBall{.centre = {bounds.centre().x, bounds.centre().y, bounds.high.z - radius},
                   .radius = radius};
  }

 private:
  void add(const AvatarPart& part, std::span<const mat4f> world) {
    std::vector<mat4f> bones;
    for (const Bone& bone : part.bones) bones.push_back(world[bone.node] * bone.inverse_bind);
    const auto below = [&](std::optional<std::size_t> joint) {
      return joint ? nodes_below(avatar_, *joint) : std::vector<bool>(avatar_.nodes.size(), false);
    };
    const std::vector<bool> head = below(joints_.head), left = below(joints_.left_eye),
                            right = below(joints_.right_eye);
    std::vector<Vertex>& vertices = parts_.emplace_back();
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      mat4f matrix(0.0F);
      for (std::size_t k = 0; k < 4; ++k) {
        if (part.weights[i][k] > 0) matrix += bones[part.joints[i][k]] * part.weights[i][k];
      }
      const mat3f turn = matrix.upperLeft();
      vertices.push_back({.place = transformed(matrix, part.positions[i]),
                          .to_part = inverse(turn),
                          .on_head = joints_.head ? hold_of(part, i, head) : 1.0F,
                          .on_left_eye = hold_of(part, i, left),
                          .on_right_eye = hold_of(part, i, right)});
    }
  }

  bool has(Surface wanted) const {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      if (surface(part) != wanted) continue;
      if (std::ranges::any_of(parts_[part], [](const Vertex& one) { return one.on_head > 0.5F; }))
        return true;
    }
    return false;
  }

  void take_skin() {
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      if (!is_skin(part)) continue;
      const auto first = static_cast<std::uint32_t>(places_.size());
      for (const Vertex& vertex : parts_[part]) places_.push_back(vertex.place);
      const std::vector<std::uint32_t>& indices = avatar_.parts[part].indices;
      for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const bool is_held = std::ranges::any_of(std::span(indices).subspan(i, 3), [&](auto index) {
          return parts_[part][index].on_head > 0.3F;
        });
        for (std::size_t k = 0; is_held && k < 3; ++k) triangles_.push_back(first + indices[i + k]);
      }
    }
  }

  const Avatar& avatar_;
  FaceJoints joints_;
  HeadPlace place_;
  Surface skin_ = Surface::skin;
  std::vector<std::vector<Vertex>> parts_;
  std::vector<float3> places_;
  std::vector<std::uint32_t> triangles_;
};

/// Where the jaw turns: before the ears, somewhat lower than the nose's tip.
float3 hinge_of(const Head& head, const MouthLine& line) {
  constexpr float lowest = 0.03F, uppermost = 0.3F, beside = 0.1F, share = 0.8F;
  const float height = head.place().height;
  const float3 mouth = line.at(line.middle().x);
  float3 nose = mouth;
  for (const float3& place : head.skin_places()) {
    const float rise = (place.y - mouth.y) / height;
    if (rise > lowest && rise < uppermost && std::abs(place.x - mouth.x) < beside * height &&
        place.z > nose.z)
      nose = place;
  }
  return {mouth.x, mouth.y + share * (nose.y - mouth.y), head.place().centre.z};
}

/// For each vertex of teeth, whether it belongs to the lower ones: by the pieces that hang
/// together.
std::vector<bool> lower_teeth(const AvatarPart& part, const std::vector<Vertex>& vertices,
                              float line_y) {
  std::vector<std::uint32_t> piece(vertices.size());
  for (std::uint32_t i = 0; i < piece.size(); ++i) piece[i] = i;
  const auto first_of = [&](std::uint32_t vertex) {
    while (piece[vertex] != vertex) vertex = piece[vertex] = piece[piece[vertex]];
    return vertex;
  };
  for (std::size_t i = 0; i + 2 < part.indices.size(); i += 3) {
    for (std::size_t k = 1; k < 3; ++k)
      piece[first_of(part.indices[i])] = first_of(part.indices[i + k]);
  }
  std::vector<Bounds> bounds(vertices.size());
  for (std::uint32_t i = 0; i < piece.size(); ++i) bounds[first_of(i)].add(vertices[i].place);
  std::vector<bool> is_lower;
  for (std::uint32_t i = 0; i < piece.size(); ++i)
    is_lower.push_back(bounds[first_of(i)].centre().y < line_y);
  return is_lower;
}

/// Which vertices are below the mouth's line: those on it, where lips touch or overlap, as what
/// they hang together with.
std::vector<bool> below_line(const AvatarPart& part, const std::vector<Vertex>& vertices,
                             const MouthLine& line, float unsure) {
  enum Side : std::int8_t { below = -1, unknown = 0, above = 1 };
  std::vector<Side> sides;
  for (const Vertex& vertex : vertices) {
    const float rise = vertex.place.y - line.at(vertex.place.x).y;
    sides.push_back(std::abs(rise) < unsure ? unknown : rise < 0 ? below : above);
  }
  constexpr int most_steps = 64;
  bool has_changed = true;
  for (int step = 0; has_changed && step < most_steps; ++step) {
    has_changed = false;
    const std::vector<Side> before = sides;
    for (std::size_t i = 0; i + 2 < part.indices.size(); i += 3) {
      const auto corners = std::span(part.indices).subspan(i, 3);
      const int sum = before[corners[0]] + before[corners[1]] + before[corners[2]];
      for (const std::uint32_t corner : corners) {
        if (before[corner] != unknown || sum == 0 || sides[corner] != unknown) continue;
        sides[corner] = sum < 0 ? below : above;
        has_changed = true;
      }
    }
  }
  std::vector<bool> is_below;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const float rise = vertices[i].place.y - line.at(vertices[i].place.x).y;
    is_below.push_back(sides[i] == unknown ? rise < 0 : sides[i] == below);
  }
  return is_below;
}

class Sculptor {
 public:
  Sculptor(const Avatar& avatar, const Rig& rig) : avatar_(avatar), rig_(rig), head_(avatar, rig) {}

  FaceTargets make() {
    if (!head_.is_measurable()) {
      made_.notes.emplace_back("the face is not deformed: it has no sensible size");
      return std::move(made_);
    }
    make_mouth();
    make_lids();
    return std::move(made_);
  }

 private:
  bool lacks(BlendShape shape) const {
    return rig_.abilities()[static_cast<std::size_t>(shape)] == Ability::missing;
  }

  /// Adds what `way_of` says of the vertices of a part.
  template <class Way>
  void add(std::size_t part, BlendShape shape, const Way& way_of) {
    const float least = 1e-5F * head_.place().height;
    FaceTarget target{.part = part, .shape = shape, .vertices = {}, .positions = {}};
    const std::vector<Vertex>& vertices = head_.part(part);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      const float3 moved = way_of(i) * vertices[i].on_head;
      if (!(length(moved) > least)) continue;
      const float3 way = vertices[i].to_part * moved;
      // Of what is scaled to nothing.
      if (!std::isfinite(length(way))) continue;
      target.vertices.push_back(static_cast<std::uint32_t>(i));
      target.positions.push_back(way);
    }
    if (!target.vertices.empty()) made_.targets.push_back(std::move(target));
  }

  void make_mouth() {
    if (std::ranges::none_of(mouth_shapes, [&](BlendShape shape) { return lacks(shape); })) return;
    const auto line = find_mouth(head_.skin_places(), head_.skin_triangles(), head_.place());
    if (!line) {
      made_.notes.push_back("the mouth is not deformed: " + std::string(line.error()));
      return;
    }
    const float3 hinge = hinge_of(head_, *line);
    const MouthShapes shapes(*line, hinge);
    for (std::size_t part = 0; part < avatar_.parts.size(); ++part) {
      if (!head_.is_skin(part) && !is_in_mouth(head_.surface(part)) && !head_.is_beard(part, hinge))
        continue;
      const std::vector<MouthPlace> places = mouth_places(part, *line);
      for (const BlendShape shape : mouth_shapes) {
        if (lacks(shape))
          add(part, shape, [&](std::size_t i) { return shapes.way(shape, places[i]); });
      }
    }
    made_.notes.emplace_back("the mouth is shaped by deforming the mesh around its lips");
  }

  std::vector<MouthPlace> mouth_places(std::size_t part, const MouthLine& line) const {
    // Of the head's height: as far as lips overlap, and what lies between.
    constexpr float unsure = 0.012F;
    const std::vector<Vertex>& vertices = head_.part(part);
    const AvatarPart& mesh = avatar_.parts[part];
    const bool is_teeth = head_.surface(part) == Surface::teeth;
    const std::vector<bool> is_below =
        is_teeth ? lower_teeth(mesh, vertices, line.middle().y)
                 : below_line(mesh, vertices, line, unsure * head_.place().height);
    std::vector<MouthPlace> places;
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      const MouthFlesh flesh = !is_teeth     ? MouthFlesh::soft
                               : is_below[i] ? MouthFlesh::of_jaw
                                             : MouthFlesh::of_skull;
      places.push_back({.place = vertices[i].place, .is_below = is_below[i], .flesh = flesh});
    }
    return places;
  }

  void make_lids() {
    for (const bool is_left : {true, false}) {
      const BlendShape blink = is_left ? BlendShape::eyeBlinkLeft : BlendShape::eyeBlinkRight;
      if (!lacks(blink)) continue;
      const std::string side = is_left ? "left" : "right";
      const auto eye = head_.eye(is_left);
      if (!eye) {
        made_.notes.push_back("the " + side + " lids are not deformed: no eye is found");
        continue;
      }
      const auto opening = EyeOpening::find(head_.skin_places(), head_.skin_triangles(), *eye);
      if (!opening) {
        made_.notes.push_back("the " + side +
                              " lids are not deformed: " + std::string(opening.error()));
        continue;
      }
      for (std::size_t part = 0; part < avatar_.parts.size(); ++part) {
        if (!head_.is_skin(part) && head_.surface(part) != Surface::lash) continue;
        add(part, blink, [&](std::size_t i) { return opening->way(head_.part(part)[i].place); });
      }
      made_.notes.push_back("the " + side + " lids close by deforming the mesh around the eye");
    }
  }

  const Avatar& avatar_;
  const Rig& rig_;
  Head head_;
  FaceTargets made_;
};

}  // namespace

FaceTargets make_face_targets(const Avatar& avatar, const Rig& rig) {
  constexpr std::size_t most_vertices = 250'000, most_corners = 1'500'000;
  std::size_t vertices = 0, corners = 0;
  for (const AvatarPart& part : avatar.parts) {
    vertices += part.positions.size();
    corners += part.indices.size();
  }
  if (vertices > most_vertices || corners > most_corners) {
    return {.targets = {},
            .notes = {"the face is not deformed: the avatar has more than 250,000 vertices or half "
                      "a million triangles"}};
  }
  return Sculptor(avatar, rig).make();
}

}  // namespace vivavox
