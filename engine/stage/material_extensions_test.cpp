#include "engine/stage/material_extensions.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using Catch::Approx;
namespace json = boost::json;

namespace {

struct ReadMaterial {
  AvatarMaterial material;
  std::vector<std::string> notes;
};

ReadMaterial read_extensions(const std::string& extensions, Surface surface = Surface::plain) {
  const json::value object = json::parse(R"({"extensions":{)" + extensions + "}}");
  ReadMaterial read{.material = {.surface = surface}};
  UnshownExtensions unshown;
  read_material_extensions(object.as_object(), read.material, unshown);
  note(unshown, read.notes);
  return read;
}

float head_on(const std::string& extensions) {
  return read_extensions(extensions).material.mirrored.r;
}

}  // namespace

TEST_CASE("Without extensions a material mirrors four in a hundred, and has no layers") {
  const ReadMaterial plain = read_extensions("");
  CHECK(plain.material.mirrored.r == Approx(0.04));
  CHECK(plain.material.mirrored.a == 1);
  CHECK(plain.material.layers == MaterialLayers{});
  CHECK(plain.notes.empty());
}

TEST_CASE("The index of refraction and the specular factors say what is mirrored") {
  CHECK(head_on(R"("KHR_materials_ior":{"ior":1})") == 0);
  CHECK(head_on(R"("KHR_materials_ior":{"ior":2})") == Approx(1 / 9.0));
  CHECK(head_on(R"("KHR_materials_ior":{"ior":0})") == 1);
  const float4 red = read_extensions(R"("KHR_materials_specular":{"specularFactor":0.5,)"
                                     R"("specularColorFactor":[2,1,0]})")
                         .material.mirrored;
  CHECK(red.r == Approx(0.04));
  CHECK(red.g == Approx(0.02));
  CHECK(red.b == 0);
  CHECK(red.a == 0.5F);
  CHECK(head_on(R"("KHR_materials_specular":{"specularColorFactor":[90,1,0]})") == 1);
}

TEST_CASE("Lacquer, fibres and glass arrive, held within their limits") {
  const MaterialLayers layers =
      read_extensions(R"("KHR_materials_clearcoat":{"clearcoatFactor":7,)"
                      R"("clearcoatRoughnessFactor":0.25},"KHR_materials_sheen":)"
                      R"({"sheenColorFactor":[1,0.5,-3],"sheenRoughnessFactor":0.5})")
          .material.layers;
  CHECK(layers ==
        MaterialLayers{
            .coat = 1, .coat_roughness = 0.25F, .sheen = {1, 0.5F, 0}, .sheen_roughness = 0.5F});
  const ReadMaterial glass =
      read_extensions(R"("KHR_materials_transmission":{"transmissionFactor":0.75})");
  CHECK(glass.material.layers.is_clear);
  CHECK(glass.material.base_color.a == 0.25F);
  CHECK_THROWS_AS(read_extensions(R"("KHR_materials_clearcoat":{"clearcoatFactor":"much"})"),
                  gltf::Fault);
}

TEST_CASE("Skin and hair keep their own light; an eye lets light through") {
  const std::string all = R"("KHR_materials_clearcoat":{"clearcoatFactor":1},)"
                          R"("KHR_materials_sheen":{"sheenColorFactor":[1,1,1]},)"
                          R"("KHR_materials_transmission":{"transmissionFactor":1})";
  for (const Surface surface : {Surface::skin, Surface::hair}) {
    const ReadMaterial read_here = read_extensions(all, surface);
    CHECK(read_here.material.layers == MaterialLayers{});
    CHECK(read_here.material.base_color.a == 1);
    CHECK(read_here.notes.size() == 3);
  }
  const ReadMaterial eye = read_extensions(all, Surface::eye);
  CHECK(eye.material.layers == MaterialLayers{.is_clear = true});
  CHECK(eye.notes.size() == 2);
  CHECK(read_extensions(all).notes.empty());
}

TEST_CASE("What of extensions is not shown is said, without effect it is not") {
  const auto only_note = [](const std::string& extensions) {
    const ReadMaterial found = read_extensions(extensions);
    REQUIRE(found.notes.size() == 1);
    return found.notes[0];
  };
  CHECK(only_note(R"("KHR_materials_iridescence":{})") ==
        "what KHR_materials_iridescence says of 1 materials is not shown");
  const std::string textured = R"("KHR_materials_transmission":{"transmissionFactor":1,)"
                               R"("transmissionTexture":{"index":0}})";
  CHECK(only_note(textured).starts_with("what the texture of KHR_materials_transmission"));
  CHECK_FALSE(read_extensions(textured).material.layers.is_clear);
  CHECK(
      read_extensions(R"("KHR_materials_clearcoat":{"clearcoatFactor":0},"KHR_materials_unlit":{})")
          .notes.empty());
  std::string many = R"("KHR_materials_a":{})";
  for (int i = 0; i < 100; ++i) many += R"(,"KHR_materials_)" + std::to_string(i) + R"(":{})";
  CHECK(read_extensions(many).notes.size() == 20);
}
