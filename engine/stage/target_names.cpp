#include "engine/stage/target_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "engine/face/visemes.h"

namespace vivavox {

namespace {

/// The name without a mesh's or a maker's prefix ("head.jawOpen", "A25_Jaw_Open"), in lower case,
/// letters and digits alone, with a trailing _L, L, _R or R spelt out.
std::string key_of(std::string_view target_name) {
  std::string_view text = target_name.substr(target_name.rfind('.') + 1);
  // MetaHuman's, and the numbers that Character Creator gives ARKit's.
  constexpr std::string_view control = "CTRL_expressions_";
  if (const auto at = text.find(control); at != text.npos) text.remove_prefix(at + control.size());
  const auto is_digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() > 4 && text[3] == '_' && is_digit(1) && is_digit(2)) text.remove_prefix(4);
  std::string_view side;
  if (text.ends_with("_L") || text.ends_with("_l")) side = "left";
  if (text.ends_with("_R") || text.ends_with("_r")) side = "right";
  if (!side.empty()) text.remove_suffix(2);
  // "eyeBlinkL", "mouthFunnelUL"
  if (side.empty() && text.size() > 2 && std::islower(static_cast<unsigned char>(text[1]))) {
    if (text.back() == 'L') side = "left";
    if (text.back() == 'R') side = "right";
    if (!side.empty()) text.remove_suffix(1);
  }
  return letters_of(text).append(side);
}

constexpr std::array<std::string_view, 2> sides{"left", "right"};

struct Mix {
  std::string_view key;
  std::array<BlendShape, 2> shapes;
};

using enum BlendShape;
constexpr std::array mixes{
    Mix{"mouthsmile", {mouthSmileLeft, mouthSmileRight}},
    Mix{"mouthfrown", {mouthFrownLeft, mouthFrownRight}},
    Mix{"mouthopen", {jawOpen, jawOpen}},
    Mix{"eyesclosed", {eyeBlinkLeft, eyeBlinkRight}},
    Mix{"blink", {eyeBlinkLeft, eyeBlinkRight}},
    Mix{"fcleyeclose", {eyeBlinkLeft, eyeBlinkRight}},
    Mix{"blinkleft", {eyeBlinkLeft, eyeBlinkLeft}},
    Mix{"blinkright", {eyeBlinkRight, eyeBlinkRight}},
    Mix{"fcleyecloseleft", {eyeBlinkLeft, eyeBlinkLeft}},
    Mix{"fcleyecloseright", {eyeBlinkRight, eyeBlinkRight}},
    Mix{"eyeslookup", {eyeLookUpLeft, eyeLookUpRight}},
    Mix{"eyeslookdown", {eyeLookDownLeft, eyeLookDownRight}},
    Mix{"browdown", {browDownLeft, browDownRight}},
    Mix{"browouterup", {browOuterUpLeft, browOuterUpRight}},
    Mix{"cheeksquint", {cheekSquintLeft, cheekSquintRight}},
    Mix{"nosesneer", {noseSneerLeft, noseSneerRight}},
    Mix{"joy", {mouthSmileLeft, mouthSmileRight}},
    Mix{"happy", {mouthSmileLeft, mouthSmileRight}},
    Mix{"angry", {browDownLeft, browDownRight}},
    Mix{"sad", {mouthFrownLeft, mouthFrownRight}},
    Mix{"sorrow", {mouthFrownLeft, mouthFrownRight}},
    Mix{"surprised", {eyeWideLeft, eyeWideRight}},
    Mix{"lookup", {eyeLookUpLeft, eyeLookUpRight}},
    Mix{"lookdown", {eyeLookDownLeft, eyeLookDownRight}},
    Mix{"lookleft", {eyeLookOutLeft, eyeLookInRight}},
    Mix{"lookright", {eyeLookInLeft, eyeLookOutRight}},
    Mix{"fclalljoy", {mouthSmileLeft, mouthSmileRight}},
    Mix{"fclallangry", {browDownLeft, browDownRight}},
    Mix{"fclallsorrow", {mouthFrownLeft, mouthFrownRight}},
    Mix{"fclallsurprised", {eyeWideLeft, eyeWideRight}},
    Mix{"mouthdroplower", {mouthLowerDownLeft, mouthLowerDownRight}},
    Mix{"jawfwd", {jawForward, jawForward}},
};

/// What others call a shape of both sides; the share of it that each side's target is.
struct Sided {
  std::string_view key;  ///< without its side
  std::array<BlendShape, 2> shapes;
  float share = 1;
};

// Sources: Reallusion, Character Creator 4's facial profile; Epic, MetaHuman's control curves;
// VRCFaceTracking, Unified Expressions.
constexpr std::array sided{
    Sided{"browdrop", {browDownLeft, browDownRight}},
    Sided{"browraiseinner", {browInnerUp, browInnerUp}, 0.5F},
    Sided{"browraisein", {browInnerUp, browInnerUp}, 0.5F},
    Sided{"browinnerup", {browInnerUp, browInnerUp}, 0.5F},
    Sided{"browraiseouter", {browOuterUpLeft, browOuterUpRight}},
    Sided{"cheekraise", {cheekSquintLeft, cheekSquintRight}},
    Sided{"eyecheekraise", {cheekSquintLeft, cheekSquintRight}},
    Sided{"cheekpuff", {cheekPuff, cheekPuff}, 0.5F},
    Sided{"mouthcheekblow", {cheekPuff, cheekPuff}, 0.5F},
    Sided{"eyeclosed", {eyeBlinkLeft, eyeBlinkRight}},
    Sided{"eyewiden", {eyeWideLeft, eyeWideRight}},
    Sided{"eyesquintinner", {eyeSquintLeft, eyeSquintRight}},
    Sided{"nosewrinkle", {noseSneerLeft, noseSneerRight}},
    Sided{"mouthcornerpull", {mouthSmileLeft, mouthSmileRight}},
    Sided{"mouthcornerdepress", {mouthFrownLeft, mouthFrownRight}},
    Sided{"mouthdownlower", {mouthLowerDownLeft, mouthLowerDownRight}},
    Sided{"mouthlowerlipdepress", {mouthLowerDownLeft, mouthLowerDownRight}},
    Sided{"mouthupupper", {mouthUpperUpLeft, mouthUpperUpRight}},
    Sided{"mouthupperlipraise", {mouthUpperUpLeft, mouthUpperUpRight}},
    Sided{"mouthpressu", {mouthPressLeft, mouthPressRight}},
    Sided{"mouthfunnelup", {mouthFunnel, mouthFunnel}, 0.25F},
    Sided{"mouthfunneldown", {mouthFunnel, mouthFunnel}, 0.25F},
    Sided{"mouthfunnelu", {mouthFunnel, mouthFunnel}, 0.25F},
    Sided{"mouthfunneld", {mouthFunnel, mouthFunnel}, 0.25F},
    Sided{"mouthpuckerup", {mouthPucker, mouthPucker}, 0.25F},
    Sided{"mouthpuckerdown", {mouthPucker, mouthPucker}, 0.25F},
    Sided{"mouthlipspurseu", {mouthPucker, mouthPucker}, 0.25F},
    Sided{"mouthlipspursed", {mouthPucker, mouthPucker}, 0.25F},
    Sided{"mouthlipstogetheru", {mouthClose, mouthClose}, 0.25F},
    Sided{"mouthlipstogetherd", {mouthClose, mouthClose}, 0.25F},
    Sided{"mouthrollinupper", {mouthRollUpper, mouthRollUpper}, 0.5F},
    Sided{"mouthrollinlower", {mouthRollLower, mouthRollLower}, 0.5F},
};

/// VRM's and VRoid's vowels, as the viseme that is nearest.
struct Vowel {
  std::string_view key;
  Viseme viseme;
};
constexpr std::array vowels{
    Vowel{"a", Viseme::aa},
    Vowel{"i", Viseme::I},
    Vowel{"u", Viseme::U},
    Vowel{"e", Viseme::E},
    Vowel{"o", Viseme::O},
    Vowel{"aa", Viseme::aa},
    Vowel{"ih", Viseme::I},
    Vowel{"ou", Viseme::U},
    Vowel{"ee", Viseme::E},
    Vowel{"oh", Viseme::O},
    Vowel{"fclmtha", Viseme::aa},
    Vowel{"fclmthi", Viseme::I},
    Vowel{"fclmthu", Viseme::U},
    Vowel{"fclmthe", Viseme::E},
    Vowel{"fclmtho", Viseme::O},
    // Character Creator's.
    Vowel{"vopen", Viseme::aa},
    Vowel{"vexplosive", Viseme::PP},
    Vowel{"vdentallip", Viseme::FF},
    Vowel{"vtighto", Viseme::O},
    Vowel{"vwide", Viseme::I},
    Vowel{"vaffricate", Viseme::CH},
};

std::optional<Viseme> viseme_of_key(std::string_view key) {
  for (std::size_t i = 0; i < viseme_count; ++i) {
    const auto viseme = static_cast<Viseme>(i);
    const std::string full = key_of(name(viseme));
    if (key == "viseme" + full || key == "v" + full) return viseme;
  }
  const auto vowel = std::ranges::find(vowels, key, &Vowel::key);
  if (vowel == vowels.end()) return std::nullopt;
  return vowel->viseme;
}

}  // namespace

std::string letters_of(std::string_view name) {
  std::string letters;
  for (const unsigned char c : name) {
    if (std::isalnum(c)) letters += static_cast<char>(std::tolower(c));
  }
  return letters;
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool goes_on = false, was_small = false;
  for (const char c : name) {
    const auto letter = static_cast<unsigned char>(c);
    if (!std::isalpha(letter)) {
      goes_on = was_small = false;
      continue;
    }
    if (!goes_on || (was_small && std::isupper(letter))) words.emplace_back();
    words.back() += static_cast<char>(std::tolower(letter));
    goes_on = true;
    was_small = std::islower(letter) != 0;
  }
  return words;
}

std::optional<BlendShape> arkit_shape_of(std::string_view target_name) {
  const std::string key = key_of(target_name);
  for (std::size_t i = 0; i < blend_shape_count; ++i) {
    const auto shape = static_cast<BlendShape>(i);
    if (key == key_of(name(shape))) return shape;
  }
  return std::nullopt;
}

std::optional<TongueMove> tongue_move_of(std::string_view target_name) {
  const std::string key = key_of(target_name);
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::contains(names, key);
  };
  if (is_one_of({"tonguetipup", "tonguecurlup", "vtonguecurlu", "tongueup", "vtongueup"})) {
    return TongueMove::tip_up;
  }
  if (is_one_of({"tonguebackup", "vtongueraise"})) return TongueMove::back_up;
  return std::nullopt;
}

std::optional<BlendWeights> arkit_mix_of(std::string_view target_name) {
  const std::string key = key_of(target_name);
  if (const auto viseme = viseme_of_key(key)) return viseme_shape(*viseme);
  BlendWeights weights;
  for (const Sided& one : sided) {
    for (std::size_t side = 0; side < 2; ++side) {
      if (!key.starts_with(one.key) || key.substr(one.key.size()) != sides[side]) continue;
      weights[one.shapes[side]] = one.share;
      return weights;
    }
  }
  const auto found = std::ranges::find(mixes, key, &Mix::key);
  if (found == mixes.end()) return std::nullopt;
  for (const BlendShape shape : found->shapes) weights[shape] = 1;
  return weights;
}

bool is_expression(std::string_view target_name) {
  return arkit_shape_of(target_name) || tongue_move_of(target_name) || arkit_mix_of(target_name);
}

}  // namespace vivavox
