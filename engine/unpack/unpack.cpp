#include "engine/unpack/unpack.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "engine/sculpt/sculpted_file.h"
#include "engine/stage/growing_glb.h"
#include "engine/unpack/draco_mesh.h"
#include "engine/unpack/meshopt_view.h"
#include "engine/unpack/stored_png.h"
#include "engine/unpack/webp.h"

namespace vivavox {

namespace {

using gltf::array_of;
using gltf::Document;
using gltf::Fault;
namespace json = boost::json;

constexpr std::string_view draco = "KHR_draco_mesh_compression";
constexpr std::string_view webp = "EXT_texture_webp";
constexpr std::array mesh_names{std::string_view("EXT_meshopt_compression"),
                                std::string_view("KHR_meshopt_compression"), draco};
// Some exporters have WebP images without naming the extension.
constexpr std::array image_names{webp, std::string_view("image/webp")};

/// The member as an object that may be changed; an empty one is put where there is none.
json::object& object_of(json::object& object, std::string_view name) {
  json::value& value = object[name];
  if (!value.is_object()) value = json::object();
  return value.get_object();
}

/// Takes an extension away, and the member that held it alone.
void drop_extension(json::object& object, std::string_view name) {
  json::object& extensions = object_of(object, "extensions");
  extensions.erase(name);
  if (extensions.empty()) object.erase("extensions");
}

/// Takes names off the file's lists of extensions.
void drop_names(json::object& root, std::span<const std::string_view> names) {
  for (const std::string_view list : {"extensionsUsed", "extensionsRequired"}) {
    if (!root.contains(list)) continue;
    json::array kept;
    for (const json::value& value : array_of(root, list)) {
      const json::string* name = value.if_string();
      if (!name || std::ranges::find(names, std::string_view(*name)) == names.end())
        kept.push_back(value);
    }
    root[list] = std::move(kept);
  }
}

class Unpacker {
 public:
  explicit Unpacker(const Document& document) : document_(document), file_(document.root()) {}

  std::vector<std::byte> unpack(WebpImages images) {
    file_.root()["buffers"] = json::array{json::object()};
    for_each_draco([this](json::object&, const json::object& extension) {
      draco_views_.insert(gltf::size_member(extension, "bufferView"));
    });
    for (std::size_t view = 0; view < document_.count("bufferViews"); ++view) unpack_view(view);
    for_each_draco([this](json::object& primitive, const json::object& extension) {
      unpack_primitive(primitive, extension);
    });
    drop_names(file_.root(), mesh_names);
    if (images == WebpImages::become_png) unpack_textures();
    return file_.bytes();
  }

 private:
  /// Calls use(primitive, extension) for each primitive that Draco packed.
  template <class Use>
  void for_each_draco(const Use& use) {
    for (std::size_t i = 0; i < document_.count("meshes"); ++i) {
      const json::object& mesh = document_.element("meshes", i);
      const json::array& primitives = gltf::array_member(mesh, "primitives");
      for (std::size_t k = 0; k < primitives.size(); ++k) {
        const json::object* primitive = primitives[k].if_object();
        if (!primitive || !gltf::object_member(*primitive, "extensions").contains(draco)) continue;
        json::value& changed = array_of(element("meshes", i), "primitives")[k];
        use(changed.as_object(), gltf::extension(*primitive, draco));
      }
    }
  }

  /// The element of the file that is made.
  json::object& element(std::string_view array, std::size_t index) {
    return array_of(file_.root(), array)[index].as_object();
  }

  void unpack_view(std::size_t view) {
    const json::object& object = document_.element("bufferViews", view);
    if (const json::object* extension = meshopt_of(object)) {
      element("bufferViews", view).erase("extensions");
      file_.put(view, decode_meshopt(document_, *extension, budget_));
    } else if (draco_views_.contains(view)) {
      // What is unpacked of it takes its place.
      element("bufferViews", view) = json::object();
    } else {
      const auto bytes = document_.buffer_view(view);
      budget_.spend(bytes.size());
      file_.put(view, bytes);
    }
  }

  void unpack_primitive(json::object& primitive, const json::object& extension) {
    const std::size_t packed = gltf::size_member(extension, "bufferView");
    const DracoMesh mesh(document_.buffer_view(packed), budget_);
    json::object& attributes = object_of(primitive, "attributes");
    const json::object& ids = gltf::object_member(extension, "attributes");
    for (const json::key_value_pair& attribute : ids) {
      const std::string_view name = attribute.key();
      const std::size_t accessor = gltf::size_member(attributes, name);
      attributes[name] = unpack_attribute(mesh, packed, accessor, gltf::size_member(ids, name));
    }
    if (const auto accessor = gltf::index_member(primitive, "indices"))
      primitive["indices"] = unpack_indices(mesh, packed, *accessor);
    // Strips come back as triangles.
    primitive.erase("mode");
    drop_extension(primitive, draco);
  }

  /// Gives the accessor what the mesh has of this id; returns its index.
  std::size_t unpack_attribute(const DracoMesh& mesh, std::size_t packed, std::size_t accessor,
                               std::size_t id) {
    const json::object& object = document_.element("accessors", accessor);
    const auto component = static_cast<gltf::Component>(gltf::size_member(object, "componentType"));
    const auto values = mesh.values(id, component, document_.component_count(accessor));
    const std::size_t at = accessor_for(packed, accessor);
    place(at, packed, values, mesh.vertex_count());
    if (mesh.vertex_count() > 0) {
      json::object& view =
          element("bufferViews", gltf::size_member(element("accessors", at), "bufferView"));
      view["byteStride"] = values.size() / mesh.vertex_count();
    }
    return at;
  }

  std::size_t unpack_indices(const DracoMesh& mesh, std::size_t packed, std::size_t accessor) {
    const auto indices = mesh.indices();
    const std::size_t at = accessor_for(packed, accessor);
    place(at, packed, std::as_bytes(std::span(indices)), indices.size());
    element("accessors", at)["componentType"] = std::to_underlying(gltf::Component::uint32);
    return at;
  }

  /// The accessor itself for the first mesh that fills it, a copy of it for another.
  std::size_t accessor_for(std::size_t packed, std::size_t accessor) {
    document_.element("accessors", accessor);
    const auto [known, added] = filled_by_.try_emplace(accessor, packed);
    if (added || known->second == packed) return accessor;
    json::array& accessors = array_of(file_.root(), "accessors");
    accessors.push_back(json::value(accessors[accessor]));
    return accessors.size() - 1;
  }

  void place(std::size_t accessor, std::size_t packed, std::span<const std::byte> bytes,
             std::size_t count) {
    budget_.spend(bytes.size());
    std::size_t view = packed;
    if (draco_views_.erase(packed) == 1) {
      file_.put(packed, bytes);
    } else {
      view = file_.add(bytes);
    }
    json::object& object = element("accessors", accessor);
    object["bufferView"] = view;
    object["count"] = count;
    object.erase("byteOffset");
    object.erase("sparse");
  }

  /// Has every texture mean an image that is PNG or JPEG.
  void unpack_textures() {
    std::set<std::size_t> images;
    for (std::size_t i = 0; i < document_.count("textures"); ++i) {
      const json::object& texture = document_.element("textures", i);
      auto source = gltf::index_member(texture, "source");
      if (!source) source = gltf::index_member(gltf::extension(texture, webp), "source");
      if (!source) continue;
      json::object& changed = element("textures", i);
      changed["source"] = *source;
      if (changed.contains("extensions")) drop_extension(changed, webp);
      images.insert(*source);
    }
    unpack_images(images);
    drop_names(file_.root(), std::array{webp});
  }

  /// Has those of them that are WebP be PNG.
  void unpack_images(const std::set<std::size_t>& images) {
    std::map<std::size_t, std::span<const std::byte>> packed;
    std::size_t pixels = 0;
    for (const std::size_t image : images) {
      const auto view = gltf::index_member(document_.element("images", image), "bufferView");
      if (!view || !is_webp(document_.buffer_view(*view))) continue;
      packed[image] = document_.buffer_view(*view);
      pixels += value_of(webp_size(packed[image])).pixels();
    }
    if (pixels > max_texture_pixels)
      throw Fault{"the avatar's textures have more than 64 million pixels: scale them down"};
    for (const auto& [image, file] : packed) {
      const std::size_t view = file_.add(stored_png(value_of(decode_webp(file))));
      json::object& object = element("images", image);
      object["mimeType"] = "image/png";
      object["bufferView"] = view;
    }
  }

  template <class T>
  static T value_of(Result<T> read) {
    if (!read) throw Fault{"a texture of the avatar: " + read.error().message, read.error().code};
    return *std::move(read);
  }

  const Document& document_;
  gltf::GrowingGlb file_;
  Budget budget_;
  std::set<std::size_t> draco_views_;  ///< those into which nothing is put yet
  std::map<std::size_t, std::size_t> filled_by_;
};

Result<ImageSize> size_of_any(std::span<const std::byte> file) {
  return is_webp(file) ? webp_size(file) : image_size(file);
}

Result<Image> decode_any(std::span<const std::byte> file, int halvings) {
  if (!is_webp(file)) return decode_image(file, halvings);
  auto image = decode_webp(file);
  for (int i = 0; i < halvings && image; ++i) image = halved(*image);
  return image;
}

/// Whether the file's JSON has one of these words; a plain file is told without being read.
bool names_any(std::span<const std::byte> file, std::span<const std::string_view> names) {
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return gltf::mentions(file, name); });
}

std::vector<std::byte> with_plain_meshes(std::span<const std::byte> file, WebpImages images) {
  if (!names_any(file, image_names)) images = WebpImages::stay;
  if (images == WebpImages::stay && !names_any(file, mesh_names)) return {file.begin(), file.end()};
  const Document document(file);
  return Unpacker(document).unpack(images);
}

}  // namespace

Result<std::vector<std::byte>> unpacked(std::span<const std::byte> file, WebpImages images) try {
  return with_plain_meshes(file, images);
} catch (const Fault& fault) {
  return fail(fault.code, fault.message);
}

Result<Avatar> read_packed_avatar(std::span<const std::byte> file,
                                  std::size_t most_texture_pixels) try {
  ImageReader images;
  if (names_any(file, image_names)) images = {.size = &size_of_any, .decode = &decode_any};
  const TextureLimits limits{.most_pixels = most_texture_pixels};
  if (!names_any(file, mesh_names) && !lacks_targets(file))
    return read_avatar(file, limits, images);
  const SculptedFile plain = sculpted(with_plain_meshes(file, WebpImages::stay));
  auto avatar = read_avatar(plain.file, limits, images);
  if (!avatar) return avatar;
  avatar->deformed = plain.shapes;
  std::ranges::copy(plain.notes, std::back_inserter(avatar->notes));
  return avatar;
} catch (const Fault& fault) {
  return fail(fault.code, fault.message);
}

}  // namespace vivavox
