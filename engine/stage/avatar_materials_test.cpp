#include "engine/stage/avatar_materials.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;
using test::Face;
using test::face_glb;

namespace {

Avatar read(const Face& face) {
  auto avatar = read_avatar(face_glb(face));
  if (!avatar) FAIL(avatar.error().message);
  return *std::move(avatar);
}

/// A picture of one colour.
std::vector<std::byte> png(std::array<std::uint8_t, 4> rgba, int side_px = 2) {
  Image image{.width_px = side_px, .height_px = side_px, .rgba = {}};
  for (int i = 0; i < side_px * side_px; ++i)
    image.rgba.insert(image.rgba.end(), rgba.begin(), rgba.end());
  return encode_png(image);
}

const std::vector<std::byte> grey = png({100, 100, 100, 255});

/// The texture coordinates of corner 2, which is (1, 1) in the file.
float2 far_corner(const std::string& color_info) {
  const Avatar avatar = read({.color_info = color_info,
                              .attributes = R"(,"TEXCOORD_0":5,"TEXCOORD_1":6)",
                              .images = {grey}});
  return avatar.parts[0].uvs[2];
}

}  // namespace

TEST_CASE("Textures lie as KHR_texture_transform says") {
  const std::string head = R"(,"extensions":{"KHR_texture_transform":)";
  // The specification's examples: the lower left quadrant turned by 90°, and a flip.
  const float2 quadrant =
      far_corner(head + R"({"offset":[0,1],"rotation":1.57079632679,"scale":[0.5,0.5]}})");
  CHECK(quadrant.x == Approx(0.5F));
  CHECK(quadrant.y == Approx(0.5F));
  const float2 flipped = far_corner(head + R"({"offset":[0,1],"scale":[1,-1]}})");
  CHECK(flipped.x == Approx(1.0F));
  CHECK(flipped.y == Approx(0.0F).margin(1e-6));
  CHECK(far_corner(head + R"({"texCoord":1}})").x == 0);
}

TEST_CASE("A material takes the texture coordinates that it names") {
  CHECK(far_corner("").x == 1);
  CHECK(far_corner(R"(,"texCoord":0)").x == 1);
  CHECK(far_corner(R"(,"texCoord":1)").x == 0);
}

TEST_CASE("Textures that lie otherwise than the colour's are noted") {
  const Face face{.color_info = R"(,"texCoord":1)", .images = {grey, grey, grey}};
  CHECK(read(face).notes.size() == 1);
  CHECK(read({.images = {grey, grey, grey}}).notes.empty());
}

TEST_CASE("Samplers say how a texture goes on beyond its edges") {
  const auto texture_of = [](const std::string& sampler) {
    const Avatar avatar = read({.extra = R"(,"samplers":[)" + sampler + "]",
                                .texture = R"(,"sampler":0)",
                                .images = {grey}});
    return avatar.materials[0].base_color_texture.value();
  };
  CHECK(texture_of("{}") == AvatarTexture{});
  CHECK(texture_of(R"({"wrapS":33071,"wrapT":33648,"magFilter":9728})") ==
        AvatarTexture{.wrap_u = Wrap::clamp, .wrap_v = Wrap::mirror, .is_smooth = false});
}

TEST_CASE("Occlusion comes in the red of roughness and metal") {
  const auto surface_of = [](const std::string& occlusion) {
    Avatar avatar = read({.material = R"("name":"skin")" + occlusion,
                          .images = {png({1, 2, 3, 255}), png({10, 20, 30, 255}, 4), grey}});
    const auto& texture = avatar.materials[0].metallic_roughness_texture;
    return std::pair(avatar.materials[0].occlusion, avatar.textures[texture->image].rgba);
  };
  const auto none = surface_of("");
  CHECK(none.first == 0);
  CHECK(none.second[0] == 10);
  const auto apart = surface_of(R"(,"occlusionTexture":{"index":0,"strength":0.5})");
  CHECK(apart.first == 0.5F);
  REQUIRE(apart.second.size() == 4 * 16);
  CHECK(apart.second[4 * 15] == 1);
  CHECK(apart.second[4 * 15 + 1] == 20);
  const auto same = surface_of(R"(,"occlusionTexture":{"index":1})");
  CHECK(same.first == 1);
  CHECK(same.second[0] == 10);
}

TEST_CASE("Occlusion counts among the pixels that a file may have decoded") {
  // Materials that show one large picture each in another small one's red.
  const auto large = png({1, 2, 3, 255}, 2048);
  std::vector<std::vector<std::byte>> images(17, grey);
  images.push_back(large);
  const auto file = [&](int count) {
    std::string materials;
    for (int i = 0; i < count; ++i) {
      materials += R"("occlusionTexture":{"index":17},"pbrMetallicRoughness":)"
                   R"({"metallicRoughnessTexture":{"index":)" +
                   std::to_string(i) + "}}},{";
    }
    return face_glb({.material = materials + R"("name":"skin")", .images = images});
  };
  CHECK(read_avatar(file(2)));
  const auto refused = read_avatar(file(17));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.contains("64 million"));
}

TEST_CASE("Occlusion without roughness and metal leaves those as they are") {
  const Avatar avatar = read({.material = R"("name":"skin","occlusionTexture":{"index":0})",
                              .images = {png({7, 8, 9, 255})}});
  const AvatarMaterial& material = avatar.materials[0];
  const Image& image = avatar.textures[material.metallic_roughness_texture.value().image];
  CHECK(image.rgba[0] == 7);
  CHECK(image.rgba[1] == 255);
  CHECK(image.rgba[2] == 255);
  // The colour shows the same file as it is.
  CHECK(avatar.textures[material.base_color_texture.value().image].rgba[1] == 8);
}

TEST_CASE("Materials shine by themselves, and without light") {
  const Avatar avatar =
      read({.material = R"("name":"lamp","emissiveFactor":[1,0.5,0],"emissiveTexture":{"index":0},)"
                        R"("extensions":{"KHR_materials_unlit":{},)"
                        R"("KHR_materials_emissive_strength":{"emissiveStrength":3}})",
            .images = {grey}});
  const AvatarMaterial& material = avatar.materials[0];
  CHECK(material.emissive.x == Approx(3));
  CHECK(material.emissive.y == Approx(1.5));
  CHECK(material.emissive_texture.has_value());
  CHECK(material.is_unlit);
  CHECK_FALSE(read({}).materials[0].is_unlit);
}
