#include "engine/sculpt/sculpted_file.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/sculpt/face_targets.h"
#include "engine/stage/gltf.h"
#include "engine/stage/growing_glb.h"

namespace vivavox {

namespace {

namespace json = boost::json;
using gltf::array_of;

/// Pictures do not matter to a face's shape.
constexpr ImageReader no_images{
    .size = [](std::span<const std::byte>) { return Result<ImageSize>(ImageSize{1, 1}); },
    .decode =
        [](std::span<const std::byte>, int) {
          return Result<Image>(Image{.width_px = 1, .height_px = 1, .rgba = {0, 0, 0, 255}});
        }};

/// A primitive of the file.
struct PrimitivePlace {
  std::size_t mesh = 0, primitive = 0;

  auto operator<=>(const PrimitivePlace&) const = default;
};

/// Which primitive each part of the avatar is of, as read_avatar() takes them one after the other.
std::vector<PrimitivePlace> primitives_of(const gltf::Document& document, const Avatar& avatar) {
  std::vector<PrimitivePlace> places;
  std::map<std::size_t, std::size_t> next;  // of each node that shows some
  for (const AvatarPart& part : avatar.parts) {
    const json::object& node = document.element("nodes", avatar.nodes[part.node].file_index);
    const std::size_t mesh = gltf::size_member(node, "mesh");
    const json::array& primitives =
        gltf::array_member(document.element("meshes", mesh), "primitives");
    std::size_t& at = next[part.node];
    const auto is_shown = [&](const json::value& value) {
      constexpr std::size_t triangles = 4;
      const json::object& primitive = value.get_object();
      if (gltf::index_member(primitive, "mode").value_or(triangles) != triangles) return false;
      const auto indices = gltf::index_member(primitive, "indices");
      const std::size_t corners = document.element_count(
          indices ? *indices
                  : gltf::size_member(gltf::object_member(primitive, "attributes"), "POSITION"));
      return corners >= 3;
    };
    while (!is_shown(primitives.at(at))) ++at;
    places.push_back({mesh, at++});
  }
  return places;
}

/// Writes targets into a file.
class Writer {
 public:
  Writer(const gltf::Document& document, std::span<const BlendShape> shapes)
      : file_(document.root(), document.binary()), shapes_(shapes) {}

  void write(const PrimitivePlace& place, std::size_t vertex_count,
             std::span<const FaceTarget* const> targets) {
    json::array list;
    for (const BlendShape shape : shapes_) {
      const auto found = std::ranges::find(targets, shape, &FaceTarget::shape);
      list.push_back(json::object{
          {"POSITION", accessor(vertex_count, found == targets.end() ? nullptr : *found)}});
    }
    json::object& mesh = array_of(file_.root(), "meshes")[place.mesh].as_object();
    array_of(mesh, "primitives")[place.primitive].as_object()["targets"] = std::move(list);
    json::value& extras = mesh["extras"];
    if (!extras.is_object()) extras = json::object();
    json::array names;
    for (const BlendShape shape : shapes_) names.emplace_back(name(shape));
    extras.get_object()["targetNames"] = std::move(names);
    mesh.erase("weights");
  }

  std::vector<std::byte> bytes() { return file_.bytes(); }

 private:
  /// Returns its index; without a target all of it is zero.
  std::size_t accessor(std::size_t count, const FaceTarget* target) {
    json::object made{{"componentType", std::to_underlying(gltf::Component::float32)},
                      {"type", "VEC3"},
                      {"count", count}};
    float3 low(0.0F), high(0.0F);
    if (target) {
      for (const float3& way : target->positions) {
        low = min(low, way);
        high = max(high, way);
      }
      made["sparse"] = json::object{
          {"count", target->vertices.size()},
          {"indices",
           json::object{{"bufferView", file_.add(std::as_bytes(std::span(target->vertices)))},
                        {"componentType", std::to_underlying(gltf::Component::uint32)}}},
          {"values",
           json::object{{"bufferView", file_.add(std::as_bytes(std::span(target->positions)))}}}};
    }
    made["min"] = json::array{low.x, low.y, low.z};
    made["max"] = json::array{high.x, high.y, high.z};
    json::array& accessors = array_of(file_.root(), "accessors");
    accessors.push_back(std::move(made));
    return accessors.size() - 1;
  }

  gltf::GrowingGlb file_;
  std::span<const BlendShape> shapes_;
};

std::vector<std::byte> with_targets(std::span<const std::byte> file, const Avatar& avatar,
                                    const FaceTargets& made, std::span<const BlendShape> shapes) {
  const gltf::Document document(file);
  const std::vector<PrimitivePlace> places = primitives_of(document, avatar);
  std::map<PrimitivePlace, std::size_t> parts;  // of several nodes that show a mesh the first
  std::map<std::size_t, bool> is_moved;         // of each mesh
  for (std::size_t part = 0; part < places.size(); ++part) {
    parts.try_emplace(places[part], part);
    if (std::ranges::contains(made.targets, part, &FaceTarget::part))
      is_moved[places[part].mesh] = true;
  }
  Writer writer(document, shapes);
  for (const auto& [place, part] : parts) {
    // All primitives of a mesh have the same targets.
    if (!is_moved.contains(place.mesh)) continue;
    std::vector<const FaceTarget*> targets;
    for (const FaceTarget& target : made.targets) {
      if (target.part == part) targets.push_back(&target);
    }
    writer.write(place, avatar.parts[part].positions.size(), targets);
  }
  return writer.bytes();
}

}  // namespace

bool lacks_targets(std::span<const std::byte> file) {
  return !gltf::mentions(file, R"("targets")");
}

SculptedFile sculpted(std::vector<std::byte> file) {
  SculptedFile out{.file = std::move(file), .shapes = {}, .notes = {}};
  if (!lacks_targets(out.file)) return out;
  const auto avatar = read_avatar(out.file, {}, no_images);
  if (!avatar) return out;
  const FaceTargets made = make_face_targets(*avatar, Rig(*avatar));
  out.notes = made.notes;
  for (const FaceTarget& target : made.targets) {
    if (!std::ranges::contains(out.shapes, target.shape)) out.shapes.push_back(target.shape);
  }
  std::ranges::sort(out.shapes);
  if (!out.shapes.empty()) out.file = with_targets(out.file, *avatar, made, out.shapes);
  return out;
}

}  // namespace vivavox
