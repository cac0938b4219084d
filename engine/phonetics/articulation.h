// How a speech sound is made: the features behind an IPA symbol.
// Source: Handbook of the International Phonetic Association (1999) and its
// 2020 chart; Extensions to the IPA (2015); the symbols that espeak-ng adds.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace vivavox {

/// From the lips to the glottis, in the order of the vocal tract.
enum class Place : std::uint8_t {
  bilabial,
  labiodental,
  dental,
  alveolar,
  postalveolar,
  retroflex,
  alveolopalatal,
  palatal,
  velar,
  uvular,
  pharyngeal,
  glottal,
};

enum class Manner : std::uint8_t {
  plosive,
  implosive,
  click,
  nasal,
  trill,
  tap,
  fricative,
  approximant,
  vowel
};

/// One gesture of the vocal tract. A vowel uses height and backness, a
/// consonant uses place; the other features apply to both.
struct Articulation {
  Manner manner = Manner::vowel;
  Place place = Place::palatal;
  float height = 0;    ///< 0 open … 1 close
  float backness = 0;  ///< 0 front … 1 back
  float rounding = 0;  ///< 0 spread … 1 rounded; of a consonant: labialisation
  bool voiced = true;
  bool lateral = false;
  bool nasal = false;
  bool rhotic = false;
  bool palatalised = false;
  bool velarised = false;  ///< or pharyngealised
  bool aspirated = false;  ///< or ejective: released with a burst
  bool syllabic = false;   ///< a consonant that is the nucleus of its syllable
  float length = 1;        ///< relative to the phone's other articulations

  bool operator==(const Articulation&) const = default;
};

/// What an IPA symbol stands for: a diphthong and an affricate are sequences.
/// Both closures of a doubly articulated stop (k͡p) happen at once: they are one
/// articulation, at the foremost place.
struct Articulations {
  std::vector<Articulation> sequence;  ///< empty: tone or length alone, or a pause
  bool understood = true;              ///< false: some letter is not IPA, or the text is not UTF-8
};

/// The features of one phone's IPA symbol, with any diacritics, tone letters and
/// tie bars, composed or decomposed. Letters that are not IPA are skipped; at
/// most 8 articulations are read.
Articulations parse_ipa(std::string_view ipa);

bool is_vowel(const Articulation& articulation);

/// Whether the breath is shut off: plosives and implosives.
bool is_stop(const Articulation& articulation);

/// Whether the lips meet: p, b, m, their relatives, and [k͡p].
bool closes_lips(const Articulation& articulation);

/// Whether the tongue makes a hissing jet against the teeth, for which the jaw
/// must nearly close: s, ʃ, ʂ, ɕ and their relatives.
bool is_sibilant(const Articulation& articulation);

}  // namespace vivavox
