#include "engine/face/visemes.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <iterator>

#include "engine/face/mouth.h"

using namespace vivavox;

namespace {

std::string_view viseme_of_ipa(std::string_view ipa) {
  return name(viseme_of(parse_ipa(ipa).sequence.at(0)));
}

}  // namespace

TEST_CASE("English sounds have the visemes of the published table") {
  const auto check = [](std::string_view viseme, const std::vector<std::string_view>& sounds) {
    for (const std::string_view ipa : sounds) {
      CAPTURE(ipa);
      CHECK(viseme_of_ipa(ipa) == viseme);
    }
  };
  check("PP", {"p", "b", "m"});
  check("FF", {"f", "v"});
  check("TH", {"θ", "ð"});
  check("DD", {"t", "d", "ɾ"});
  check("kk", {"k", "ɡ"});
  check("CH", {"ʃ", "ʒ"});
  check("SS", {"s", "z"});
  check("nn", {"n", "l", "ŋ"});
  check("RR", {"ɹ", "ɚ", "r"});
  check("aa", {"ɑ", "ɑː", "a", "æ", "ʌ", "ɐ"});
  check("E", {"e", "ɛ", "ə", "ɜ"});
  check("I", {"ɪ", "i", "j"});
  check("O", {"ɔ", "o"});
  check("U", {"ʊ", "u", "w"});
}

TEST_CASE("visemes follow articulation where English has no such sound") {
  CHECK(viseme_of_ipa("y") == "U");
  CHECK(viseme_of_ipa("ø") == "O");
  CHECK(viseme_of_ipa("ɯ") == "I");
  CHECK(viseme_of_ipa("ʘ") == "PP");
  CHECK(viseme_of_ipa("ɕ") == "CH");
  CHECK(viseme_of_ipa("ʋ") == "FF");
  CHECK(viseme_of_ipa("q") == "kk");
  CHECK(viseme_of_ipa("ɥ") == "U");
  CHECK(viseme_of_ipa("ɲ") == "nn");
  CHECK(viseme_of_ipa("k͡p") == "PP");
}

TEST_CASE("shared/visemes.json holds what the engine derives") {
  std::ifstream file(VIVAVOX_ROOT "/shared/visemes.json");
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  CHECK(written == visemes_json());
}

TEST_CASE("each viseme looks like its name") {
  using enum BlendShape;
  CHECK(viseme_shape(Viseme::sil) == BlendWeights{});
  CHECK(lip_opening(viseme_shape(Viseme::PP)) <= 0);
  CHECK(viseme_shape(Viseme::FF)[mouthRollLower] > 0.5F);
  CHECK(viseme_shape(Viseme::TH)[tongueOut] > 0.2F);
  CHECK(viseme_shape(Viseme::aa)[jawOpen] > 0.4F);
  CHECK(viseme_shape(Viseme::U)[mouthPucker] > 0.6F);
  CHECK(viseme_shape(Viseme::I)[mouthStretchLeft] > 0.2F);
  for (std::size_t i = 0; i < viseme_count; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      CHECK(viseme_shape(static_cast<Viseme>(i)) != viseme_shape(static_cast<Viseme>(k)));
    }
  }
}
