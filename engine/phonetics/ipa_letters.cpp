#include "engine/phonetics/ipa_letters.h"

#include <algorithm>
#include <array>

namespace vivavox {

namespace {

struct Letter {
  char32_t code_point;
  Articulation features;
};

constexpr Articulation vowel_at(float height, float backness, float rounding, bool rhotic = false) {
  return {.height = height, .backness = backness, .rounding = rounding, .rhotic = rhotic};
}

constexpr Articulation consonant(Manner manner, Place place, bool voiced) {
  return {.manner = manner, .place = place, .voiced = voiced, .nasal = manner == Manner::nasal};
}

constexpr Articulation lateral(Manner manner, Place place, bool voiced = true) {
  Articulation made = consonant(manner, place, voiced);
  made.lateral = true;
  return made;
}

constexpr Articulation rhotic(Manner manner, Place place, float rounding = 0) {
  Articulation made = consonant(manner, place, true);
  made.rhotic = true;
  made.rounding = rounding;
  return made;
}

constexpr Articulation rounded(Articulation made) {
  made.rounding = 1;
  return made;
}

constexpr Articulation velarised(Articulation made) {
  made.velarised = true;
  return made;
}

// The seven heights of the vowel chart.
constexpr float close = 1.0F;
constexpr float near_close = 0.85F;
constexpr float close_mid = 0.67F;
constexpr float mid = 0.5F;
constexpr float open_mid = 0.33F;
constexpr float near_open = 0.15F;
constexpr float open = 0.0F;

constexpr float front = 0.0F;
constexpr float central = 0.5F;
constexpr float back = 1.0F;

using enum Manner;
using enum Place;

constexpr auto letters = std::to_array<Letter>({
    // Vowels: height, backness, rounding.
    {U'i', vowel_at(close, front, 0)},
    {U'y', vowel_at(close, front, 1)},
    {U'ɨ', vowel_at(close, central, 0)},
    {U'ʉ', vowel_at(close, central, 1)},
    {U'ɯ', vowel_at(close, back, 0)},
    {U'u', vowel_at(close, back, 1)},
    {U'ɪ', vowel_at(near_close, 0.15F, 0)},
    {U'ʏ', vowel_at(near_close, 0.15F, 1)},
    {U'ᵻ', vowel_at(near_close, central, 0)},
    {U'ᵿ', vowel_at(near_close, central, 1)},
    {U'ʊ', vowel_at(near_close, 0.85F, 0.8F)},
    {U'e', vowel_at(close_mid, front, 0)},
    {U'ø', vowel_at(close_mid, front, 1)},
    {U'ɘ', vowel_at(close_mid, central, 0)},
    {U'ɵ', vowel_at(close_mid, central, 1)},
    {U'ɤ', vowel_at(close_mid, back, 0)},
    {U'o', vowel_at(close_mid, back, 1)},
    {U'ə', vowel_at(mid, central, 0)},
    {U'ɚ', vowel_at(mid, central, 0.2F, true)},
    {U'ɛ', vowel_at(open_mid, front, 0)},
    {U'ε', vowel_at(open_mid, front, 0)},  // Greek epsilon, as espeak-ng's Kazakh has it
    {U'œ', vowel_at(open_mid, front, 1)},
    {U'ɜ', vowel_at(open_mid, central, 0)},
    {U'ɝ', vowel_at(open_mid, central, 0.2F, true)},
    {U'ɞ', vowel_at(open_mid, central, 1)},
    {U'ʌ', vowel_at(open_mid, back, 0)},
    {U'ɔ', vowel_at(open_mid, back, 0.9F)},
    {U'æ', vowel_at(near_open, front, 0)},
    {U'ɐ', vowel_at(near_open, central, 0)},
    {U'a', vowel_at(open, front, 0)},
    {U'ɶ', vowel_at(open, front, 1)},
    {U'ɑ', vowel_at(open, back, 0)},
    {U'ɒ', vowel_at(open, back, 0.7F)},

    // Pulmonic consonants.
    {U'p', consonant(plosive, bilabial, false)},
    {U'b', consonant(plosive, bilabial, true)},
    {U't', consonant(plosive, alveolar, false)},
    {U'd', consonant(plosive, alveolar, true)},
    {U'ʈ', consonant(plosive, retroflex, false)},
    {U'ɖ', consonant(plosive, retroflex, true)},
    {U'c', consonant(plosive, palatal, false)},
    {U'ɟ', consonant(plosive, palatal, true)},
    {U'k', consonant(plosive, velar, false)},
    {U'ɡ', consonant(plosive, velar, true)},
    {U'g', consonant(plosive, velar, true)},
    {U'q', consonant(plosive, uvular, false)},
    {U'ɢ', consonant(plosive, uvular, true)},
    {U'ʡ', consonant(plosive, pharyngeal, false)},
    {U'ʔ', consonant(plosive, glottal, false)},
    {U'm', consonant(nasal, bilabial, true)},
    {U'ɱ', consonant(nasal, labiodental, true)},
    {U'n', consonant(nasal, alveolar, true)},
    {U'ɳ', consonant(nasal, retroflex, true)},
    {U'ɲ', consonant(nasal, palatal, true)},
    {U'ȵ', consonant(nasal, alveolopalatal, true)},
    {U'ŋ', consonant(nasal, velar, true)},
    {U'ɴ', consonant(nasal, uvular, true)},
    {U'ʙ', consonant(trill, bilabial, true)},
    {U'r', rhotic(trill, alveolar)},
    {U'ʀ', rhotic(trill, uvular)},
    {U'ʜ', consonant(trill, pharyngeal, false)},
    {U'ʢ', consonant(trill, pharyngeal, true)},
    {U'ⱱ', consonant(tap, labiodental, true)},
    {U'ɾ', consonant(tap, alveolar, true)},
    {U'ɽ', rhotic(tap, retroflex)},
    {U'ɺ', lateral(tap, alveolar)},
    {U'ɸ', consonant(fricative, bilabial, false)},
    {U'Φ', consonant(fricative, bilabial, false)},
    {U'β', consonant(fricative, bilabial, true)},
    {U'f', consonant(fricative, labiodental, false)},
    {U'v', consonant(fricative, labiodental, true)},
    {U'θ', consonant(fricative, dental, false)},
    {U'ð', consonant(fricative, dental, true)},
    {U's', consonant(fricative, alveolar, false)},
    {U'z', consonant(fricative, alveolar, true)},
    {U'ʃ', consonant(fricative, postalveolar, false)},
    {U'ʒ', consonant(fricative, postalveolar, true)},
    {U'ʂ', consonant(fricative, retroflex, false)},
    {U'ʐ', consonant(fricative, retroflex, true)},
    {U'ɕ', consonant(fricative, alveolopalatal, false)},
    {U'ʑ', consonant(fricative, alveolopalatal, true)},
    {U'ç', consonant(fricative, palatal, false)},
    {U'ʝ', consonant(fricative, palatal, true)},
    {U'x', consonant(fricative, velar, false)},
    {U'ɣ', consonant(fricative, velar, true)},
    {U'ɧ', rounded(consonant(fricative, velar, false))},
    {U'χ', consonant(fricative, uvular, false)},
    {U'ʁ', consonant(fricative, uvular, true)},
    {U'ħ', consonant(fricative, pharyngeal, false)},
    {U'ʕ', consonant(fricative, pharyngeal, true)},
    {U'h', consonant(fricative, glottal, false)},
    {U'ɦ', consonant(fricative, glottal, true)},
    {U'ɬ', lateral(fricative, alveolar, false)},
    {U'ɮ', lateral(fricative, alveolar)},
    {U'ʋ', consonant(approximant, labiodental, true)},
    {U'ɹ', rhotic(approximant, alveolar, 0.4F)},
    {U'ɻ', rhotic(approximant, retroflex, 0.3F)},
    {U'j', consonant(approximant, palatal, true)},
    {U'ɥ', rounded(consonant(approximant, palatal, true))},
    {U'ɰ', consonant(approximant, velar, true)},
    {U'w', rounded(consonant(approximant, velar, true))},
    {U'ʍ', rounded(consonant(fricative, velar, false))},
    {U'l', lateral(approximant, alveolar)},
    {U'ɫ', velarised(lateral(approximant, alveolar))},
    {U'ɭ', lateral(approximant, retroflex)},
    {U'ʎ', lateral(approximant, palatal)},
    {U'ʟ', lateral(approximant, velar)},

    // Implosives and clicks.
    {U'ɓ', consonant(implosive, bilabial, true)},
    {U'ɗ', consonant(implosive, alveolar, true)},
    {U'ᶑ', consonant(implosive, retroflex, true)},
    {U'ʄ', consonant(implosive, palatal, true)},
    {U'ɠ', consonant(implosive, velar, true)},
    {U'ʛ', consonant(implosive, uvular, true)},
    {U'ʘ', consonant(click, bilabial, false)},
    {U'ǀ', consonant(click, dental, false)},
    {U'ǃ', consonant(click, alveolar, false)},
    {U'!', consonant(click, alveolar, false)},
    {U'ǂ', consonant(click, palatal, false)},
    {U'ǁ', lateral(click, alveolar, false)},

    // Kirshenbaum's ASCII letters: espeak-ng shows them where a phoneme table
    // names an `ipa` in its own mnemonics (ph_kyrgyz, ph_luxembourgish, ph_irish).
    {U'S', consonant(fricative, postalveolar, false)},
    {U'Z', consonant(fricative, postalveolar, true)},
    {U'N', consonant(nasal, velar, true)},
    {U'A', vowel_at(open, back, 0)},
    {U'X', consonant(fricative, uvular, false)},
    {U'F', consonant(nasal, labiodental, true)},
    {U'K', lateral(fricative, alveolar, false)},
    {U'?', consonant(plosive, glottal, false)},
});

struct Pair {
  char32_t from;
  char32_t to;
};

constexpr auto superscripts = std::to_array<Pair>({
    {U'ʰ', U'h'}, {U'ʱ', U'ɦ'}, {U'ʲ', U'j'}, {U'ʷ', U'w'}, {U'ᶣ', U'ɥ'}, {U'ˠ', U'ɣ'},
    {U'ˤ', U'ʕ'}, {U'ˡ', U'l'}, {U'ⁿ', U'n'}, {U'ᵐ', U'm'}, {U'ᵑ', U'ŋ'}, {U'ᶮ', U'ɲ'},
    {U'ᶯ', U'ɳ'}, {U'ᵝ', U'β'}, {U'ᵊ', U'ə'}, {U'ᵉ', U'e'}, {U'ᵃ', U'a'}, {U'ᶦ', U'ɪ'},
    {U'ⁱ', U'i'}, {U'ᵘ', U'u'}, {U'ᶷ', U'ʊ'}, {U'ˣ', U'x'}, {U'ˢ', U's'}, {U'ᶻ', U'z'},
    {U'ʳ', U'r'}, {U'ʴ', U'ɹ'}, {U'ᵗ', U't'}, {U'ᵈ', U'd'}, {U'ᵖ', U'p'}, {U'ᵇ', U'b'},
    {U'ᵏ', U'k'}, {U'ᶿ', U'θ'}, {U'ˀ', U'ʔ'},
});

struct Precomposed {
  char32_t code_point;
  Decomposition parts;
};

constexpr char32_t tilde = 0x303;
constexpr char32_t tie_bar = 0x361;
constexpr char32_t diaeresis = 0x308;

constexpr auto precomposed = std::to_array<Precomposed>({
    {U'ã', {U'a', tilde}},
    {U'ẽ', {U'e', tilde}},
    {U'ĩ', {U'i', tilde}},
    {U'õ', {U'o', tilde}},
    {U'ũ', {U'u', tilde}},
    {U'ỹ', {U'y', tilde}},
    {U'ñ', {U'n', tilde}},
    {U'ṽ', {U'v', tilde}},
    {U'ä', {U'a', diaeresis}},
    {U'ë', {U'e', diaeresis}},
    {U'ï', {U'i', diaeresis}},
    {U'ö', {U'o', diaeresis}},
    {U'ü', {U'u', diaeresis}},
    {U'ÿ', {U'y', diaeresis}},
    // Ligatures of affricates, once IPA and still in use.
    {U'ʦ', {U't', tie_bar, U's'}},
    {U'ʣ', {U'd', tie_bar, U'z'}},
    {U'ʧ', {U't', tie_bar, U'ʃ'}},
    {U'ʤ', {U'd', tie_bar, U'ʒ'}},
    {U'ʨ', {U't', tie_bar, U'ɕ'}},
    {U'ʥ', {U'd', tie_bar, U'ʑ'}},
});

void lengthen(Articulation& articulation, float factor) {
  articulation.length *= factor;
}

void raise(Articulation& articulation, float by) {
  articulation.height = std::clamp(articulation.height + by, 0.0F, 1.0F);
}

void retract(Articulation& articulation, float by) {
  articulation.backness = std::clamp(articulation.backness + by, 0.0F, 1.0F);
}

void centralise(Articulation& articulation) {
  articulation.backness += (0.5F - articulation.backness) * 0.5F;
}

void set_coronal_place(Articulation& articulation, Place place) {
  if (!is_vowel(articulation) && articulation.place == Place::alveolar) articulation.place = place;
}

/// Secondary articulations and releases, written as superscripts or below.
bool apply_secondary(char32_t code_point, Articulation& articulation) {
  switch (code_point) {
    case U'ʷ':
    case U'ᶣ':
    case 0x32B:  // inverted double arch: labialised
      articulation.rounding = std::max(articulation.rounding, 0.8F);
      return true;
    case U'ᵝ':  // compressed
      articulation.rounding = std::max(articulation.rounding, 0.4F);
      return true;
    case U'ʲ':
    case U'ᶮ':
      articulation.palatalised = true;
      return true;
    case U'ˠ':
    case U'ˤ':
    case 0x334:  // tilde overlay
      articulation.velarised = true;
      return true;
    case U'ʰ':
    case U'ʱ':
    case U'#':  // Kirshenbaum: aspirated or voiceless, as in espeak-ng's Faroese r#
    case U'ʼ':  // ejective
      articulation.aspirated = true;
      return true;
    case U'˞':  // rhotic hook
    case U'ʴ':
      articulation.rhotic = true;
      return true;
    default:
      return superscript_base(code_point) != 0;
  }
}

/// Combining marks (and Kirshenbaum's for them) that move tongue, lips or voice.
bool apply_mark(char32_t code_point, Articulation& articulation) {
  switch (code_point) {
    case tilde:
    case U'~':
      articulation.nasal = true;
      return true;
    case diaeresis:
    case 0x33D:  // mid-centralised
    case U'"':
      centralise(articulation);
      return true;
    case 0x325:  // ring below, ring above: voiceless
    case 0x30A:
      articulation.voiced = false;
      return true;
    case 0x32C:
      articulation.voiced = true;
      return true;
    case 0x329:
    case 0x30D:
    case U'-':  // Kirshenbaum: syllabic
      articulation.syllabic = true;
      return true;
    case 0x32F:  // not syllabic: the short part of a diphthong
    case 0x311:
      lengthen(articulation, 0.6F);
      return true;
    case 0x306:  // extra short
      lengthen(articulation, 0.5F);
      return true;
    case 0x31D:
    case U'˔':
      raise(articulation, 0.1F);
      if (articulation.manner == Manner::trill) articulation.manner = Manner::fricative;
      return true;
    case 0x31E:
    case U'˕':
      raise(articulation, -0.1F);
      if (articulation.manner == Manner::fricative) articulation.manner = Manner::approximant;
      return true;
    case 0x31F:
    case 0x318:
      retract(articulation, -0.15F);
      return true;
    case 0x320:
    case 0x319:
      retract(articulation, 0.15F);
      set_coronal_place(articulation, Place::postalveolar);
      return true;
    case 0x339:
    case 0x357:
      articulation.rounding = std::min(1.0F, articulation.rounding + 0.25F);
      return true;
    case 0x31C:
    case 0x351:
      articulation.rounding = std::max(0.0F, articulation.rounding - 0.25F);
      return true;
    case 0x32A:
    case U'[':  // Kirshenbaum: dental
      set_coronal_place(articulation, Place::dental);
      return true;
    case U'.':  // Kirshenbaum: retroflex
      set_coronal_place(articulation, Place::retroflex);
      return true;
    case 0x33A:  // apical, laminal, linguolabial, breathy, creaky, no release
    case 0x33B:
    case 0x33C:
    case 0x324:
    case 0x330:
    case 0x31A:
      return true;
    default:
      return false;
  }
}

}  // namespace

const Articulation* ipa_letter(char32_t code_point) {
  const auto found = std::ranges::find(letters, code_point, &Letter::code_point);
  return found == letters.end() ? nullptr : &found->features;
}

char32_t superscript_base(char32_t code_point) {
  const auto found = std::ranges::find(superscripts, code_point, &Pair::from);
  return found == superscripts.end() ? 0 : found->to;
}

Decomposition decomposed(char32_t code_point) {
  const auto found = std::ranges::find(precomposed, code_point, &Precomposed::code_point);
  return found == precomposed.end() ? Decomposition{} : found->parts;
}

bool apply_diacritic(char32_t code_point, Articulation& articulation) {
  if (code_point == U'ː' || code_point == U':') {
    lengthen(articulation, 1.6F);
    return true;
  }
  if (code_point == U'ˑ') {
    lengthen(articulation, 1.3F);
    return true;
  }
  return apply_mark(code_point, articulation) || apply_secondary(code_point, articulation);
}

bool is_prosodic(char32_t code_point) {
  const bool tone_letter = code_point >= U'˥' && code_point <= U'˩';
  const bool tone_mark = (code_point >= 0x300 && code_point <= 0x304) || code_point == 0x30B ||
                         code_point == 0x30C || code_point == 0x30F ||
                         (code_point >= 0x1DC4 && code_point <= 0x1DC9);
  const bool digit = (code_point >= U'0' && code_point <= U'9') ||
                     (code_point >= U'⁰' && code_point <= U'⁹') || code_point == U'¹' ||
                     code_point == U'²' || code_point == U'³';
  constexpr std::u32string_view others = U"ˈˌ'’,|‖‿ ↗↘↑↓ꜛꜜ;_^*=%+`()/\u200d\u200c";
  return (tone_letter || tone_mark || digit || others.contains(code_point)) && code_point != tilde;
}

}  // namespace vivavox
