#include "engine/stage/avatar.h"

#include <algorithm>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;
using test::Face;
using test::face_glb;

namespace {

std::string refusal(std::span<const std::byte> file) {
  const auto avatar = read_avatar(file);
  REQUIRE_FALSE(avatar);
  CHECK((avatar.error().code == ErrorCode::invalid_avatar ||
         avatar.error().code == ErrorCode::invalid_image));
  return avatar.error().message;
}

}  // namespace

TEST_CASE("A mesh arrives with its triangles, material and place") {
  const auto avatar = read_avatar(face_glb());
  REQUIRE(avatar);
  REQUIRE(avatar->parts.size() == 2);  // one mesh, shown by two nodes
  const AvatarPart& part = avatar->parts[1];
  CHECK(part.name == "face");
  CHECK(part.indices == std::vector<std::uint32_t>{0, 1, 2, 0, 2, 3});
  CHECK(avatar->materials[part.material].surface == Surface::skin);
  CHECK(avatar->materials[part.material].base_color.x == Approx(0.8F));
  const auto world = rest_transforms(*avatar);
  CHECK(world[avatar->parts[0].bones[0].node][3].y == Approx(1.5F));
}

TEST_CASE("Morph targets hold the moved vertices alone, sparse or not") {
  const auto avatar = read_avatar(face_glb());
  REQUIRE(avatar);
  const auto& targets = avatar->parts[0].targets;
  REQUIRE(targets.size() == 2);
  CHECK(avatar->target_names == std::vector<std::string>{"jawOpen", "viseme_aa"});
  CHECK(targets[0].vertices == std::vector<std::uint32_t>{0});
  CHECK(targets[0].positions[0].z == Approx(1));
  CHECK(targets[1].vertices.size() == 4);
}

TEST_CASE("Names of targets may stand with the primitive, and extras may be anything") {
  const auto names = [](const Face& face) { return read_avatar(face_glb(face))->target_names; };
  CHECK(names({.names_in_primitive = true}) == std::vector<std::string>{"jawOpen", "viseme_aa"});
  const std::string primitive =
      R"({"attributes":{"POSITION":0},"targets":[{},{}],"extras":"by hand"})";
  boost::json::value mesh = boost::json::parse(R"({"extras":[1]})");
  CHECK(gltf::target_names(mesh.get_object(), boost::json::parse(primitive).get_object()) ==
        std::vector<std::string>{"target 0", "target 1"});
}

TEST_CASE("Vertex colours arrive") {
  CHECK(read_avatar(face_glb())->parts[0].colors.empty());
  const auto colored = read_avatar(face_glb({.attributes = R"(,"COLOR_0":7)"}));
  REQUIRE(colored);
  CHECK(colored->parts[0].colors == std::vector<std::array<std::uint8_t, 4>>(4, {255, 0, 0, 255}));
  CHECK(refusal(face_glb({.attributes = R"(,"COLOR_0":2)"})).contains("type"));
}

TEST_CASE("Only the file's scene is shown") {
  const auto parts_of = [](const std::string& scenes) {
    const auto avatar = read_avatar(face_glb({.extra = scenes}));
    REQUIRE(avatar);
    return avatar->parts.size();
  };
  CHECK(parts_of(R"(,"scenes":[{"nodes":[3]},{"nodes":[0]}])") == 1);
  CHECK(parts_of(R"(,"scene":1,"scenes":[{"nodes":[3]},{"nodes":[0]}])") == 2);
  CHECK(refusal(face_glb({.extra = R"(,"scene":1,"scenes":[{"nodes":[3]}])"})).contains("scenes"));
  CHECK(refusal(face_glb({.extra = R"(,"scenes":[{"nodes":[9]}])"})).contains("nodes"));
}

TEST_CASE("A VRM 0.x file is turned round, one of VRM 1.0 is not") {
  const auto eye = [](const std::string& extensions) {
    const auto avatar = read_avatar(face_glb({.extra = extensions}));
    REQUIRE(avatar);
    const mat4f world = rest_transforms(*avatar)[avatar->parts[0].bones[0].node];
    return std::pair(world[3].x, (world * float4(0, 0, 1, 0)).z);
  };
  const auto turned = eye(R"(,"extensions":{"VRM":{"specVersion":"0.0"}})");
  CHECK(turned.first == Approx(-0.5F));
  CHECK(turned.second == Approx(-1));
  const auto as_it_is = eye(R"(,"extensions":{"VRMC_vrm":{"specVersion":"1.0"}})");
  CHECK(as_it_is.first == Approx(0.5F));
  CHECK(as_it_is.second == Approx(1));
}

TEST_CASE("A node that mirrors does so, and shows its front") {
  const auto mirrored = [](const std::string& transform) {
    const auto avatar = read_avatar(face_glb({.nodes = R"({"mesh":0,)" + transform + "}"}));
    REQUIRE(avatar);
    const mat4f world = rest_transforms(*avatar)[0];
    const AvatarPart& part = avatar->parts[0];
    const auto corner = [&](std::size_t i) {
      return transformed(world, part.positions[part.indices[i]]);
    };
    return std::pair(transformed(world, {1, 0, 0}).x,
                     cross(corner(1) - corner(0), corner(2) - corner(0)).z);
  };
  for (const char* transform :
       {R"("scale":[-1,1,1])", R"("matrix":[-1,0,0,0, 0,1,0,0, 0,0,1,0, 0,0,0,1])"}) {
    CAPTURE(transform);
    const auto [right, front] = mirrored(transform);
    CHECK(right == Approx(-1));
    CHECK(front > 0);
  }
}

TEST_CASE("A file cut short is refused at every length") {
  const auto file = face_glb();
  for (std::size_t length = 0; length < file.size(); ++length) {
    CHECK_FALSE(refusal(std::span(file).first(length)).empty());
  }
}

TEST_CASE("Faults are named") {
  CHECK(refusal({}).contains("empty"));
  const auto whole = face_glb();
  CHECK(refusal(std::span(whole).first(15)).contains("cut short"));
  CHECK(refusal(face_glb({.indices_count = "7"})).contains("past the end"));
  CHECK(refusal(face_glb({.indices_count = "1e99"})).contains("index"));
  CHECK(refusal(face_glb({.indices_count = "4000000000"})).contains("limit"));
  CHECK(refusal(face_glb({.nodes = R"({"children":[1]},{"children":[0],"mesh":0})"}))
            .contains("loop"));
  CHECK(refusal(face_glb({.nodes = R"({"children":[2]},{"children":[2]},{"mesh":0})"}))
            .contains("two parents"));
  CHECK(refusal(face_glb({.nodes = R"({"children":[9],"mesh":0})"})).contains("children"));
  CHECK(refusal(face_glb({.nodes = R"({"mesh":7})"})).contains("meshes"));
  CHECK(refusal(face_glb({.nodes = R"({"name":"nothing"})"})).contains("no triangles"));
  CHECK(refusal(face_glb({.extra = R"(,"extensionsRequired":["KHR_draco_mesh_compression"])"}))
            .contains("KHR_draco_mesh_compression"));
  CHECK(refusal(face_glb({.nodes = R"({"mesh":0,"translation":[1,2]})"})).contains("translation"));
}

TEST_CASE("A GLB without its binary chunk, or with data elsewhere, is refused") {
  CHECK_FALSE(refusal(test::glb(R"({"asset":{"version":"2.0"}})", {})).empty());
  CHECK(
      refusal(
          test::glb(
              R"({"buffers":[{"uri":"x.bin","byteLength":12}],"bufferViews":[{"buffer":0,"byteLength":12}],)"
              R"("accessors":[{"bufferView":0,"componentType":5126,"count":1,"type":"VEC3"}],)"
              R"("meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"nodes":[{"mesh":0}]})",
              {}))
          .contains("other files"));
}

TEST_CASE("Textures that are too many pixels are halved, the largest first, and that is noted") {
  const auto png = [](int width_px, int height_px) {
    Image image{.width_px = width_px, .height_px = height_px, .rgba = {}};
    image.rgba.assign(std::size_t{4} * width_px * height_px, 200);
    return encode_png(image);
  };
  const auto file = face_glb({.images = {png(64, 32), png(128, 128), png(16, 16)}});
  const auto whole = read_avatar(file);
  REQUIRE(whole);
  CHECK(whole->notes.empty());
  REQUIRE(whole->textures.size() == 3);
  CHECK(whole->textures[1].width_px == 128);
  const auto fits = read_avatar(file, {.most_pixels = 3000});
  REQUIRE(fits);
  CHECK(fits->textures[0].rgba.size() == 4 * 32 * 16);
  CHECK(fits->textures[1].rgba.size() == 4 * 32 * 32);
  CHECK(fits->textures[2].rgba.size() == 4 * 16 * 16);
  CHECK(std::ranges::count(fits->textures[1].rgba, 200) == 4 * 32 * 32);
  REQUIRE(fits->notes.size() == 1);
  CHECK(fits->notes[0].starts_with("2 of 3 textures"));
  // No image is less than a pixel.
  CHECK(read_avatar(file, {.most_pixels = 1})->textures[0].rgba.size() == 4);
}

TEST_CASE("A texture with a side that is too long is halved, and no other") {
  const auto png = [](int width_px, int height_px) {
    Image image{.width_px = width_px, .height_px = height_px, .rgba = {}};
    image.rgba.assign(std::size_t{4} * width_px * height_px, 200);
    return encode_png(image);
  };
  const auto file = face_glb({.images = {png(64, 32), png(8, 256), png(16, 16)}});
  const auto avatar = read_avatar(file, {.most_side_px = 32});
  REQUIRE(avatar);
  const auto size_of = [&](std::size_t i) {
    return ImageSize{avatar->textures[i].width_px, avatar->textures[i].height_px};
  };
  CHECK(size_of(0) == ImageSize{32, 16});
  CHECK(size_of(1) == ImageSize{1, 32});
  CHECK(size_of(2) == ImageSize{16, 16});
  CHECK(avatar->longest_texture_side_px == 256);
  // Nobody sees it.
  CHECK(avatar->notes.empty());
}

TEST_CASE("A real avatar reads whole") {
  std::ifstream file(VIVAVOX_ROOT "/../shared/data/avatars/brunette-t.glb", std::ios::binary);
  if (!file) SKIP("../shared/data is not here");
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  const auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  REQUIRE(avatar);
  CHECK(avatar->target_names.size() == 67);
  CHECK(avatar->textures.size() == 17);
  CHECK(avatar->parts.size() == 10);
  for (const AvatarPart& part : avatar->parts) {
    for (const float4& weight : part.weights) {
      REQUIRE(weight.x + weight.y + weight.z + weight.w == Approx(1).margin(1e-5));
    }
  }
}

TEST_CASE("A shape that the file's own weights give is there for good, an expression is not") {
  const auto corner = [](const std::string& names, const std::string& weights) {
    const auto avatar = read_avatar(test::face_glb(
        {.target_names = names, .nodes = R"({"name":"Head","mesh":0,"weights":)" + weights + "}"}));
    REQUIRE(avatar);
    return avatar->parts[0].positions[0];
  };
  const float3 usual = corner(R"("jawOpen","wide")", "[0,0]");
  CHECK(corner(R"("jawOpen","wide")", "[0.5,0]") == usual);
  CHECK(corner(R"("long","jawOpen")", "[0.5,0]") != usual);
  CHECK(corner(R"("long","jawOpen")", R"([null])") == usual);
}
