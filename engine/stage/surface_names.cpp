#include "engine/stage/surface_names.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/stage/target_names.h"

namespace vivavox {

namespace {

struct Rule {
  std::string_view word;
  Surface surface;
};

using enum Surface;
/// The first that a name has decides: a lash before an eye, a mouth before a face.
constexpr std::array rules{
    Rule{"brow", brow},   Rule{"lash", lash},     Rule{"eyeline", lash},  Rule{"teeth", teeth},
    Rule{"tooth", teeth}, Rule{"tongue", tongue}, Rule{"mouth", mouth},   Rule{"gum", mouth},
    Rule{"hair", hair},   Rule{"beard", hair},    Rule{"mustache", hair}, Rule{"ponytail", hair},
    Rule{"eye", eye},     Rule{"iris", eye},      Rule{"cornea", eye},    Rule{"sclera", eye},
    Rule{"skin", skin},   Rule{"face", skin},     Rule{"head", skin},     Rule{"body", skin},
    Rule{"cloth", cloth}, Rule{"outfit", cloth},  Rule{"shirt", cloth},   Rule{"tops", cloth},
};

/// What such words are joined with.
constexpr std::array<std::string_view, 20> joined{
    "left", "right", "upper", "lower", "inner", "outer", "front", "back",    "top",  "base",
    "main", "mat",   "card",  "ball",  "white", "line",  "full",  "shading", "fore", "mesh"};

constexpr std::array<std::string_view, 3> endings{"", "s", "es"};

/// Whether `piece` is made of known words, one of them `wanted`; each may stand in the plural.
bool is_made_of(std::string_view piece, std::string_view wanted) {
  // Whether words reach to a place, without the wanted one and with it.
  std::vector<std::array<bool, 2>> reached(piece.size() + 1);
  reached[0][0] = true;
  for (std::size_t at = 0; at < piece.size(); ++at) {
    const auto go_on = [&](std::string_view word) {
      const std::string_view rest = piece.substr(at);
      if (!rest.starts_with(word)) return;
      for (const std::string_view ending : endings) {
        if (!rest.substr(word.size()).starts_with(ending)) continue;
        auto& place = reached[at + word.size() + ending.size()];
        place[0] = place[0] || reached[at][0];
        place[1] = place[1] || reached[at][1] || (reached[at][0] && word == wanted);
      }
    };
    std::ranges::for_each(rules, go_on, &Rule::word);
    std::ranges::for_each(joined, go_on);
  }
  return reached.back()[1];
}

}  // namespace

Surface surface_named(std::string_view material_name) {
  const std::vector<std::string> pieces = words_of(material_name.substr(0, 200));
  for (const Rule& rule : rules) {
    if (std::ranges::any_of(pieces, [&](const auto& one) { return is_made_of(one, rule.word); })) {
      return rule.surface;
    }
  }
  return plain;
}

}  // namespace vivavox
