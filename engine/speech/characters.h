// Just enough about characters to find words in a text.
#pragma once

namespace vivavox {

/// White space and characters that are never part of a word: dashes between
/// words, ellipses, the full-width punctuation of CJK.
bool separates_words(char32_t c);

/// Quotes, brackets and the like, which cling to a word without being of it.
bool clings_to_words(char32_t c);

/// A character that is said when it stands alone: "*" is, "-" is not.
bool is_sayable(char32_t c);

/// A letter or digit, as opposed to a symbol, of any script.
bool is_letter_or_digit(char32_t c);

/// A letter of a script that writes no blanks between words.
bool is_unspaced_script(char32_t c);

}  // namespace vivavox
