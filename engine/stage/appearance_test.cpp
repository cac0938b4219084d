#include "engine/stage/appearance.h"

#include <boost/json.hpp>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/stage/color.h"
#include "engine/stage/test_glb.h"
#include "engine/stage/traits.h"

using namespace vivavox;
using Catch::Approx;

namespace {

Avatar trait_avatar() {
  auto avatar = read_avatar(test::trait_glb());
  REQUIRE(avatar);
  return *std::move(avatar);
}

using Values = std::vector<std::string>;

Result<Values> chosen(std::vector<TraitChoice> choices) {
  return chosen_values(trait_avatar().traits, choices);
}

std::string refused(std::vector<TraitChoice> choices) {
  const auto values = chosen(std::move(choices));
  REQUIRE_FALSE(values);
  CHECK(values.error().code == ErrorCode::invalid_argument);
  return values.error().message;
}

}  // namespace

TEST_CASE("A look is chosen first, wherever it stands, and single traits over it") {
  CHECK(chosen({}) == Values{"none", "usual", "own"});
  CHECK(chosen({{"look", "wide"}}) == Values{"none", "wide", "own"});
  CHECK(chosen({{"width", "usual"}, {"look", "wide"}, {"hat", "cap"}}) ==
        Values{"cap", "usual", "own"});
  CHECK(chosen({{"tone", "#102030"}}) == Values{"none", "usual", "#102030"});
}

TEST_CASE("What an avatar cannot be is refused, with what it can") {
  CHECK(refused({{"beard", "long"}}) ==
        "this avatar has no trait \"beard\": it can change hat, width, tone");
  CHECK(refused({{"hat", "crown"}}) == "the trait hat cannot be \"crown\": it can be none, cap");
  CHECK(refused({{"hat", "#102030"}}).contains("it can be none, cap"));
  CHECK(refused({{"tone", "#10203"}}).ends_with("it can be own, red or #rrggbb"));
  CHECK(refused({{"tone", "102030"}}).ends_with("or #rrggbb"));
  CHECK(refused({{"look", "tall"}}) == "this avatar has no look \"tall\": it has wide");
  CHECK(refused({{std::string(5000, 'x'), ""}}).size() < 200);
  const auto none = chosen_values({}, std::array{TraitChoice{"look", "x"}});
  REQUIRE_FALSE(none);
  CHECK(none.error().message == "this avatar has no trait \"look\": it can change nothing");
}

TEST_CASE("A value shows its nodes with all below them, shapes and colours") {
  const Avatar avatar = trait_avatar();
  const auto seen = [&](std::vector<TraitChoice> choices) {
    return appearance_of(avatar, *chosen_values(avatar.traits, choices));
  };
  CHECK(seen({}).is_hidden == std::vector<std::uint8_t>{false, true});
  CHECK(seen({}).shape == std::vector<float>{0, 0});
  CHECK(seen({}).base_colors[0] == avatar.materials[0].base_color);
  const Appearance other = seen({{"hat", "cap"}, {"width", "wide"}, {"tone", "red"}});
  CHECK(other.is_hidden == std::vector<std::uint8_t>{false, false});
  CHECK(other.shape == std::vector<float>{0, 1});
  CHECK(other.base_colors[0] == float4(1, 0, 0, 1));
  const float4 grey = seen({{"tone", "#808080"}}).base_colors[0];
  CHECK(grey.x == Approx(0.2158605F));
  CHECK(grey.w == 1);
}

TEST_CASE("A node that two traits name is shown where both show it") {
  const auto avatar = read_avatar(
      test::trait_glb(R"(,"rain":{"default":"no","values":{"no":{},"yes":{"show":["hat"]}}})"));
  REQUIRE(avatar);
  const auto is_hidden = [&](std::vector<TraitChoice> choices) -> bool {
    return appearance_of(*avatar, *chosen_values(avatar->traits, choices)).is_hidden[1];
  };
  CHECK(is_hidden({{"hat", "cap"}}));
  CHECK(is_hidden({{"rain", "yes"}}));
  CHECK_FALSE(is_hidden({{"hat", "cap"}, {"rain", "yes"}}));
}

TEST_CASE("A dark texture is lit up no further than its noise allows") {
  Avatar avatar = trait_avatar();
  avatar.traits.traits[2].any[0].color = float3(0.0F);
  const Values values{"none", "usual", "#ffffff"};
  CHECK(appearance_of(avatar, values).base_colors[0].x == 64);
  const float4 brown = appearance_of(avatar, Values{"none", "usual", "#804020"}).base_colors[0];
  CHECK(brown.x == 64);
  CHECK(brown.y / brown.x == Approx(linear(Color{128, 64, 32}).y / linear(Color{128, 64, 32}).x));
}

TEST_CASE("Choices are read from an object of strings alone") {
  const auto choices = trait_choices_from_json(R"({"look":"tom","skin":"#aa7755"})");
  REQUIRE(choices);
  CHECK(*choices == std::vector<TraitChoice>{{"look", "tom"}, {"skin", "#aa7755"}});
  for (const char* text : {"", "[]", "1", R"({"hat":1})", R"({"hat":"cap")", R"({"hat":null})"}) {
    CAPTURE(text);
    const auto wrong = trait_choices_from_json(text);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == ErrorCode::invalid_json);
  }
}

TEST_CASE("Traits are told with what they can be, and what they are") {
  const Avatar avatar = trait_avatar();
  CHECK(boost::json::parse(traits_json(avatar, *chosen({{"tone", "#102030"}}))) ==
        boost::json::parse(R"({"traits":{
    "hat":{"values":["none","cap"],"takesColor":false,"chosen":"none","color":null},
    "width":{"values":["usual","wide"],"takesColor":false,"chosen":"usual","color":null},
    "tone":{"values":["own","red"],"takesColor":true,"chosen":"#102030","color":"#102030"}},
    "looks":{"wide":{"width":"wide"}}})"));
  const auto tinted = read_avatar(test::face_glb());
  REQUIRE(tinted);
  CHECK(traits_json(*tinted, initial_values(tinted->traits)) ==
        R"({"traits":{"skin":{"values":[],"takesColor":true,"chosen":null,"color":"#e7cbbc"}},)"
        R"("looks":{}})");
}

TEST_CASE("The family's six looks are six people, each with one head of hair and one top") {
  std::ifstream stream(VIVAVOX_ROOT "/shared/avatars/family.glb", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(stream)), {});
  CHECK(bytes.size() <= 3'500'000);
  const auto avatar = read_avatar(std::as_bytes(std::span(bytes)));
  REQUIRE(avatar);
  REQUIRE(avatar->traits.looks.size() >= 6);
  std::set<std::vector<float>> faces;
  for (const AvatarLook& look : avatar->traits.looks) {
    CAPTURE(look.name);
    const std::array choice{TraitChoice{std::string(look_trait), look.name}};
    const auto values = chosen_values(avatar->traits, choice);
    REQUIRE(values);
    const Appearance appearance = appearance_of(*avatar, *values);
    faces.insert(appearance.shape);
    const auto shown = [&](std::string_view kind) {
      int count = 0;
      for (std::size_t i = 0; i < avatar->parts.size(); ++i) {
        const std::string& name = avatar->parts[i].name;
        count +=
            appearance.is_hidden[i] == 0 && name.starts_with(kind) && !name.ends_with("inside");
      }
      return count;
    };
    CHECK(shown("hair_") == 1);
    CHECK(shown("collar_") == 1);
    CHECK(shown("glasses_") <= 1);
  }
  CHECK(faces.size() == avatar->traits.looks.size());
}
