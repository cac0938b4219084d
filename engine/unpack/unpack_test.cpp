#include "engine/unpack/unpack.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/unpack/packed_avatar.h"
#include "engine/unpack/stored_png.h"
#include "engine/unpack/test_packed.h"

using namespace vivavox;
using test::face_glb;

namespace {

/// Whether both show the same.
void check_same(const Avatar& one, const Avatar& other) {
  REQUIRE(one.parts.size() == other.parts.size());
  for (std::size_t i = 0; i < one.parts.size(); ++i) {
    const AvatarPart& a = one.parts[i];
    const AvatarPart& b = other.parts[i];
    CHECK(a.positions == b.positions);
    CHECK(a.normals == b.normals);
    CHECK(a.indices == b.indices);
    REQUIRE(a.targets.size() == b.targets.size());
    for (std::size_t k = 0; k < a.targets.size(); ++k) {
      CHECK(a.targets[k].vertices == b.targets[k].vertices);
      CHECK(a.targets[k].positions == b.targets[k].positions);
    }
  }
  CHECK(one.target_names == other.target_names);
  CHECK(one.textures == other.textures);
}

/// Why a file cannot be opened; empty where it can.
std::string refusal(std::span<const std::byte> file) {
  const auto avatar = read_packed_avatar(file);
  return avatar ? "" : avatar.error().message;
}

/// The file with its JSON changed by change(root).
template <class Change>
std::vector<std::byte> changed(std::span<const std::byte> file, const Change& change) {
  const gltf::Document document(file);
  boost::json::object root = document.root();
  change(root);
  return test::glb(boost::json::serialize(root),
                   {document.binary().begin(), document.binary().end()});
}

boost::json::object& draco_of(boost::json::object& root) {
  return root["meshes"]
      .at(0)
      .at("primitives")
      .at(0)
      .at("extensions")
      .at("KHR_draco_mesh_compression")
      .as_object();
}

}  // namespace

TEST_CASE("A plain file stays as it is") {
  const auto file = face_glb();
  CHECK(unpacked(file, WebpImages::become_png) == file);
  CHECK(unpacked({}, WebpImages::become_png)->empty());
}

TEST_CASE("A file that meshoptimizer packed shows what the plain one does") {
  const auto file = face_glb();
  for (const char* name : {"EXT_meshopt_compression", "KHR_meshopt_compression"}) {
    const auto packed = test::meshopt_glb(file, name);
    CHECK_FALSE(read_avatar(packed));
    const auto avatar = read_packed_avatar(packed);
    REQUIRE(avatar);
    check_same(*avatar, *read_avatar(file));
  }
}

TEST_CASE("A file that Draco packed shows what the plain one does") {
  const auto file = face_glb();
  const auto packed = test::draco_glb(file, draco::MESH_SEQUENTIAL_ENCODING);
  CHECK_FALSE(read_avatar(packed));
  const auto avatar = read_packed_avatar(packed);
  REQUIRE(avatar);
  check_same(*avatar, *read_avatar(file));
  CHECK(read_packed_avatar(test::draco_glb(file, draco::MESH_EDGEBREAKER_ENCODING))
            ->parts[0]
            .indices.size() == 6);
}

TEST_CASE("WebP textures are read, or become PNG") {
  const Image image = test::colorful(8, 4, false);
  const auto packed =
      test::textured_by("EXT_texture_webp", face_glb({.images = {test::webp_file(image)}}));
  CHECK_FALSE(read_avatar(packed));
  CHECK(read_packed_avatar(packed)->textures == std::vector{image});
  CHECK(read_packed_avatar(packed, 8)->textures == std::vector{halved(image)});
  const auto plain = unpacked(packed, WebpImages::become_png);
  REQUIRE(plain);
  CHECK(read_avatar(*plain)->textures == std::vector{image});
  CHECK(unpacked(packed, WebpImages::stay) == packed);
}

TEST_CASE("WebP that no file's JSON names is refused, as in a page that looks for its name") {
  const auto file = face_glb({.images = {test::webp_file(test::colorful(2, 2, true))}});
  CHECK(refusal(file).contains("neither PNG nor JPEG"));
  CHECK(unpacked(file, WebpImages::become_png) == file);
}

TEST_CASE("A plain file needs none of the extensions") {
  const auto file = test::textured_by(
      "EXT_texture_webp", face_glb({.extra = R"(,"extensionsRequired":["KHR_texture_transform"])",
                                    .images = {test::webp_file(test::colorful(2, 2, true))}}));
  const auto plain = unpacked(file, WebpImages::become_png);
  REQUIRE(plain);
  const gltf::Document document(*plain);
  CHECK(document.root().at("extensionsUsed").as_array().empty());
  CHECK(document.root().at("extensionsRequired") == boost::json::array{"KHR_texture_transform"});
  CHECK_FALSE(document.element("textures", 0).contains("extensions"));
}

TEST_CASE("Two meshes of different streams do not share what one of them fills") {
  auto file = test::draco_glb(face_glb(), draco::MESH_SEQUENTIAL_ENCODING);
  file = changed(file, [](boost::json::object& root) {
    auto& primitives = root["meshes"].at(0).at("primitives").as_array();
    primitives.push_back(boost::json::value(primitives[0]));
    // The same bytes as another view: a stream of its own.
    auto& views = root["bufferViews"].as_array();
    auto& extension = primitives[1].at("extensions").at("KHR_draco_mesh_compression").as_object();
    views.push_back(boost::json::value(views[extension["bufferView"].to_number<std::size_t>()]));
    extension["bufferView"] = views.size() - 1;
  });
  const auto plain = unpacked(file, WebpImages::stay);
  REQUIRE(plain);
  const gltf::Document document(*plain);
  const auto& primitives = gltf::array_member(document.element("meshes", 0), "primitives");
  CHECK(primitives[0].at("indices") != primitives[1].at("indices"));
  const auto avatar = read_avatar(*plain);
  REQUIRE(avatar);
  CHECK(avatar->parts[0].positions == avatar->parts[1].positions);
}

TEST_CASE("A packed file that is damaged anywhere is read or refused, by name") {
  const auto webp = test::textured_by(
      "EXT_texture_webp", face_glb({.images = {test::webp_file(test::colorful(4, 4, true))}}));
  for (const auto& file :
       {webp, test::meshopt_glb(webp), test::meshopt_glb(webp, "KHR_meshopt_compression"),
        test::draco_glb(webp, draco::MESH_EDGEBREAKER_ENCODING)}) {
    REQUIRE(refusal(file).empty());
    for (std::size_t length = 0; length < file.size(); length += 7)
      CHECK_FALSE(refusal(std::span(file).first(length)).empty());
    for (std::size_t place = 0; place < file.size(); ++place) {
      auto other = file;
      other[place] ^= std::byte{0x55};
      const auto avatar = read_packed_avatar(other);
      CHECK((avatar || !avatar.error().message.empty()));
      CHECK_NOTHROW(unpacked(other, WebpImages::become_png));
    }
  }
}

TEST_CASE("Faults of packed files are named") {
  const auto draco = test::draco_glb(face_glb(), draco::MESH_SEQUENTIAL_ENCODING);
  CHECK(refusal(changed(draco, [](boost::json::object& root) {
          draco_of(root)["bufferView"] = 99;
        })).contains("bufferViews"));
  CHECK(refusal(changed(draco, [](boost::json::object& root) {
          draco_of(root).erase("bufferView");
        })).contains("bufferView"));
  CHECK(refusal(changed(draco, [](boost::json::object& root) {
          draco_of(root)["attributes"].as_object()["POSITION"] = 5;
        })).contains("lacks an attribute"));
  CHECK(refusal(changed(draco, [](boost::json::object& root) {
          draco_of(root)["attributes"].as_object()["COLOR_0"] = 0;
        })).contains("COLOR_0"));
  const auto meshopt = test::meshopt_glb(face_glb());
  CHECK(refusal(changed(meshopt, [](boost::json::object& root) {
          root["bufferViews"]
              .at(0)
              .at("extensions")
              .at("EXT_meshopt_compression")
              .as_object()["buffer"] = 1;
        })).contains("other files"));
  const auto basis = face_glb({.extra = R"(,"extensionsRequired":["KHR_texture_basisu"])"});
  CHECK(refusal(basis).contains("KHR_texture_basisu"));
  CHECK(refusal(basis).contains("gltf-transform ktxdecompress"));
  const auto unread = test::textured_by("KHR_texture_basisu", face_glb({.images = {{}}}));
  CHECK(refusal(unread).contains("gltf-transform ktxdecompress"));
}

TEST_CASE("Textures that are too many pixels are refused before they are decoded") {
  // No more than a head, which says that it has 4096 × 4096 pixels.
  const std::string head("RIFF\x12\0\0\0WEBPVP8L\x05\0\0\0\x2F\xFF\xCF\xFF\x03\0", 26);
  const auto bytes = std::as_bytes(std::span(head));
  const std::vector<std::vector<std::byte>> images(5, {bytes.begin(), bytes.end()});
  const auto file = test::textured_by("EXT_texture_webp", face_glb({.images = images}));
  CHECK(unpacked(file, WebpImages::become_png).error().message.contains("64 million"));
}

TEST_CASE("Views that lie over one another are not copied without end") {
  const auto image = stored_png(test::colorful(512, 512, true));
  const auto file =
      changed(test::meshopt_glb(face_glb({.images = {image}})), [](boost::json::object& root) {
        auto& views = root["bufferViews"].as_array();
        const auto last = views.back();
        for (int i = 0; i < 400; ++i) views.push_back(last);
      });
  CHECK(refusal(file).contains("128 MiB"));
}
