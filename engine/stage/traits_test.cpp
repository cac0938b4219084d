#include "engine/stage/traits.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/stage/test_glb.h"

using namespace vivavox;
using Catch::Approx;

namespace {

/// Why the file's traits are refused.
std::string fault_of(const std::vector<std::byte>& file) {
  const auto avatar = read_avatar(file);
  REQUIRE_FALSE(avatar);
  CHECK(avatar.error().code == ErrorCode::invalid_avatar);
  return avatar.error().message;
}

std::string fault_of_trait(const std::string& trait) {
  return fault_of(test::trait_glb(R"(,"more":)" + trait));
}

std::vector<std::string> trait_names(const Avatar& avatar) {
  std::vector<std::string> names;
  for (const Trait& trait : avatar.traits.traits) names.push_back(trait.name);
  return names;
}

Avatar with_material(const std::string& name) {
  auto avatar = read_avatar(test::face_glb({.material = R"("name":")" + name + '"'}));
  REQUIRE(avatar);
  return *std::move(avatar);
}

}  // namespace

TEST_CASE("A file's traits and looks are read in its order") {
  const auto avatar = read_avatar(test::trait_glb());
  REQUIRE(avatar);
  CHECK(trait_names(*avatar) == std::vector<std::string>{"hat", "width", "tone"});
  const auto& [hat, width, tone] =
      std::tie(avatar->traits.traits[0], avatar->traits.traits[1], avatar->traits.traits[2]);
  CHECK(hat.initial == "none");
  REQUIRE(hat.values.size() == 2);
  REQUIRE(hat.values[1].nodes.size() == 1);
  CHECK(avatar->nodes[hat.values[1].nodes[0]].name == "hat");
  REQUIRE(width.values[1].shape.size() == 1);
  CHECK(width.values[1].shape[0].target == 1);
  CHECK(width.values[1].shape[0].weight == 1);
  REQUIRE(tone.values[1].colors.size() == 1);
  CHECK(tone.values[1].colors[0].color == float3(1, 0, 0));
  CHECK(tone.any.size() == 1);
  REQUIRE(avatar->traits.looks.size() == 1);
  CHECK(avatar->traits.looks[0].name == "wide");
  CHECK(avatar->parts[0].targets[1].is_lasting);
  CHECK_FALSE(avatar->parts[0].targets[0].is_lasting);
}

TEST_CASE("What names nothing in the file is refused by its name") {
  CHECK(fault_of_trait(R"({"default":"a","values":{"a":{"show":["wig"]}}})") ==
        "the avatar's trait \"more\" names the node \"wig\", which the file does not have: correct "
        "its extras");
  CHECK(fault_of_trait(R"({"default":"a","values":{"a":{"colors":{"gold":[1,1,1]}}}})")
            .contains("the material \"gold\""));
  CHECK(fault_of_trait(R"({"default":"a","values":{"a":{"weights":{"fat":1}}}})")
            .contains("the morph target \"fat\""));
  CHECK(fault_of_trait(R"({"any":["gold"]})").contains("the material \"gold\""));
  CHECK(fault_of_trait(R"({"default":"b","values":{"a":{}}})").contains("has no default"));
  CHECK(fault_of_trait("{}").contains("has no default"));
}

TEST_CASE("An expression's target can be no trait's") {
  CHECK(fault_of_trait(R"({"default":"a","values":{"a":{"weights":{"jawOpen":1}}}})")
            .contains("\"jawOpen\", which is an expression's"));
}

TEST_CASE("Traits of the wrong type or out of range are refused") {
  for (const char* value : {"1", "[]", R"({"show":"hat"})", R"({"show":[1]})", R"({"weights":[1]})",
                            R"({"weights":{"shape_wide":"1"}})", R"({"weights":{"shape_wide":2}})",
                            R"({"weights":{"shape_wide":-1}})",
                            R"({"weights":{"shape_wide":1e99}})", R"({"colors":{"skin":[1,1]}})",
                            R"({"colors":{"skin":[1,1,2]}})", R"({"colors":{"skin":"red"}})"}) {
    CAPTURE(value);
    fault_of_trait(std::string(R"({"default":"a","values":{"a":)") + value + "}}");
  }
  for (const char* trait : {"1", "[]", R"({"default":1,"values":{"a":{}}})", R"({"values":[]})",
                            R"({"any":"skin"})", R"({"any":[7]})"}) {
    CAPTURE(trait);
    fault_of_trait(trait);
  }
}

TEST_CASE("There is an end to traits, their values, their names and what they name") {
  std::string many, values, nodes;
  for (std::size_t i = 0; i <= max_traits; ++i)
    many += ",\"t" + std::to_string(i) + R"(":{"any":["skin"]})";
  CHECK(fault_of(test::trait_glb(many)).contains("too many traits"));
  for (std::size_t i = 0; i <= max_trait_values; ++i)
    values += (i ? ",\"" : "\"") + std::to_string(i) + "\":{}";
  CHECK(fault_of_trait(R"({"default":"0","values":{)" + values + "}}").contains("too many values"));
  for (std::size_t i = 0; i <= max_trait_references; ++i) nodes += i ? R"(,"hat")" : R"("hat")";
  CHECK(fault_of_trait(R"({"default":"a","values":{"a":{"show":[)" + nodes + "]}}}")
            .contains("4,096"));
  const std::string any = R"(:{"any":["skin"]})";
  CHECK(fault_of(test::trait_glb(",\"" + std::string(65, 'x') + '"' + any)).contains("64 bytes"));
  CHECK(fault_of(test::trait_glb(R"(,"")" + any)).contains("64 bytes"));
  CHECK(fault_of(test::trait_glb(R"(,"look")" + any)).contains("called look"));
}

TEST_CASE("Looks hold what traits can be, and no other look") {
  CHECK(fault_of(test::trait_glb({}, R"("odd":{"hat":"crown"})"))
            .contains("look \"odd\": the trait hat cannot be \"crown\""));
  fault_of(test::trait_glb({}, R"("odd":{"beard":"long"})"));
  fault_of(test::trait_glb({}, R"("odd":{"hat":1})"));
  fault_of(test::trait_glb({}, R"("odd":[])"));
  fault_of(test::trait_glb({}, R"("plain":{},"odd":{"look":"plain"})"));
}

TEST_CASE("Extras that are not about traits mean nothing") {
  for (const char* extras : {"1", "[]", R"("x")", "{}", R"({"traits":{"hat":1}})"}) {
    CAPTURE(extras);
    const auto avatar =
        read_avatar(test::face_glb({.extra = std::string(R"(,"extras":)") + extras}));
    REQUIRE(avatar);
    CHECK(trait_names(*avatar) == std::vector<std::string>{"skin"});
  }
}

TEST_CASE("Without traits of its own an avatar has those that its materials' names tell") {
  CHECK(trait_names(with_material("Wolf3D_Skin")) == std::vector<std::string>{"skin"});
  CHECK(trait_names(with_material("Wolf3D_Hair")) == std::vector<std::string>{"hairColor"});
  CHECK(trait_names(with_material("N00_000_00_EyeIris_00_EYE")) ==
        std::vector<std::string>{"eyes"});
  CHECK(trait_names(with_material("Std_Eye_L")).empty());
  CHECK(trait_names(with_material("chair")).empty());
}

TEST_CASE("A texture's mean is that of what is seen of it") {
  // Four columns; the squares show the two on the left, of which one is see-through.
  Image image{.width_px = 4, .height_px = 1, .rgba = {}};
  for (const auto& [red, alpha] : {std::pair{255, 0}, {188, 255}, {0, 255}, {0, 255}}) {
    for (const int level : {red, 0, 0, alpha})
      image.rgba.push_back(static_cast<std::uint8_t>(level));
  }
  const auto avatar = read_avatar(
      test::face_glb({.color_info = R"(,"extensions":{"KHR_texture_transform":{"scale":[0.5,1]}})",
                      .attributes = R"(,"TEXCOORD_0":5)",
                      .images = {encode_png(image)}}));
  REQUIRE(avatar);
  REQUIRE(avatar->traits.traits.size() == 1);
  const float3 mean = avatar->traits.traits[0].any[0].color;
  CHECK(mean.x == Approx(0.5F).margin(0.01));
  CHECK(mean.y == 0);
}
