#include "engine/phonetics/articulation.h"

#include <array>

#include "engine/phonetics/ipa_letters.h"
#include "engine/text/utf8.h"

namespace vivavox {

namespace {

constexpr std::size_t max_articulations = 8;
constexpr std::size_t max_pending_marks = 8;

bool is_tie_bar(char32_t code_point) {
  return code_point == 0x361 || code_point == 0x35C;
}

/// A phone never holds two stops one after the other: they close together.
bool closes_together(const Articulation& first, const Articulation& second) {
  return is_stop(first) && is_stop(second);
}

/// Marks may stand before the first letter (ᵐb): they wait for it.
class Parser {
 public:
  void read(char32_t code_point) {
    if (const Decomposition parts = decomposed(code_point); parts.base != 0) {
      read(parts.base);
      read(parts.mark);
      if (parts.second != 0) read(parts.second);
    } else if (const Articulation* letter = ipa_letter(code_point)) {
      if (!is_third_tone(code_point)) add(*letter);
    } else if (!is_tie_bar(code_point) && !mark(code_point) && !is_prosodic(code_point)) {
      result_.understood = false;
    }
  }

  Articulations finish() && {
    if (result_.sequence.empty()) read_marks_as_letters();
    return std::move(result_);
  }

 private:
  /// espeak-ng spells tone 3 of Vietnamese and Cantonese as [ɜ], which ends no
  /// diphthong of any language (its table of Kirshenbaum's letters has 3 as ɜ).
  bool is_third_tone(char32_t code_point) const {
    return code_point == U'ɜ' && !result_.sequence.empty();
  }

  void add(Articulation letter) {
    for (std::size_t i = 0; i < pending_count_; ++i) apply_diacritic(pending_[i], letter);
    pending_count_ = 0;
    auto& sequence = result_.sequence;
    if (!sequence.empty() && closes_together(sequence.back(), letter)) {
      sequence.back().place = std::min(sequence.back().place, letter.place);
    } else if (sequence.size() < max_articulations) {
      sequence.push_back(letter);
    }
  }

  bool mark(char32_t code_point) {
    if (!result_.sequence.empty()) return apply_diacritic(code_point, result_.sequence.back());
    Articulation none;
    if (!apply_diacritic(code_point, none)) return false;
    if (pending_count_ < max_pending_marks) pending_[pending_count_++] = code_point;
    return true;
  }

  /// espeak-ng gives some superscripts as phones of their own, e.g. Irish [ʲ].
  void read_marks_as_letters() {
    for (std::size_t i = 0; i < pending_count_; ++i) {
      if (const Articulation* letter = ipa_letter(superscript_base(pending_[i]))) {
        result_.sequence.push_back(*letter);
      }
    }
  }

  Articulations result_;
  std::array<char32_t, max_pending_marks> pending_{};
  std::size_t pending_count_ = 0;
};

}  // namespace

Articulations parse_ipa(std::string_view ipa) {
  Parser parser;
  const std::size_t valid_bytes = std::min(find_invalid_utf8(ipa), ipa.size());
  for (std::size_t at = 0; at < valid_bytes;) {
    const CodePoint next = decode_utf8(ipa, at);
    parser.read(next.value);
    at += next.length_bytes;
  }
  Articulations result = std::move(parser).finish();
  if (valid_bytes < ipa.size()) result.understood = false;
  return result;
}

bool is_vowel(const Articulation& articulation) {
  return articulation.manner == Manner::vowel;
}

bool is_stop(const Articulation& articulation) {
  return articulation.manner == Manner::plosive || articulation.manner == Manner::implosive;
}

bool closes_lips(const Articulation& articulation) {
  return articulation.place == Place::bilabial && articulation.manner != Manner::vowel &&
         articulation.manner != Manner::fricative && articulation.manner != Manner::approximant;
}

bool is_sibilant(const Articulation& articulation) {
  return articulation.manner == Manner::fricative && !articulation.lateral &&
         articulation.place >= Place::alveolar && articulation.place <= Place::alveolopalatal;
}

}  // namespace vivavox
