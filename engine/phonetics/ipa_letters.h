// The letters and marks of the IPA, each with its features.
#pragma once

#include "engine/phonetics/articulation.h"

namespace vivavox {

/// The features of a base letter; nullptr if the code point is none.
const Articulation* ipa_letter(char32_t code_point);

/// The base letter that a superscript stands for (ʰ: h), or 0.
char32_t superscript_base(char32_t code_point);

/// A precomposed letter or ligature as its parts (ã: a, U+0303; ʦ: t, U+0361, s).
struct Decomposition {
  char32_t base = 0;  ///< 0: the code point is not precomposed
  char32_t mark = 0;
  char32_t second = 0;  ///< the ligature's other letter, or 0
};
Decomposition decomposed(char32_t code_point);

/// Applies a diacritic to the articulation that it is written on. False if the
/// code point is no diacritic.
bool apply_diacritic(char32_t code_point, Articulation& articulation);

/// Whether the code point marks tone, stress, syllables or linking, which
/// leave the shape of the mouth alone.
bool is_prosodic(char32_t code_point);

}  // namespace vivavox
