#include "engine/speech/words.h"

#include <algorithm>
#include <optional>
#include <span>

#include "engine/speech/characters.h"
#include "engine/text/utf8.h"

namespace vivavox {

namespace {

/// A stretch between separators, before what clings to it is trimmed.
struct Token {
  TextRange range;
  bool in_unspaced_script = false;
  /// espeak-ng's words from here on, to the next token, are this token's: it
  /// places a word on the dash before it, and a late part of an emoji's name
  /// on the blank behind.
  std::uint32_t spoken_from_bytes = 0;
};

/// Where espeak-ng starts a word, and the phones that say it.
struct SpokenWord {
  std::uint32_t position_bytes = 0;
  std::size_t first_phone = 0;
  std::size_t end_phone = 0;
};

using Phones = std::span<const EspeakPhone>;

std::vector<SpokenWord> spoken_words(Phones phones) {
  std::vector<SpokenWord> words;
  for (std::size_t i = 0; i < phones.size(); ++i) {
    const bool is_sound = phones[i].kind == EspeakPhone::Kind::sound;
    if (phones[i].starts_word || (words.empty() && is_sound)) {
      words.push_back({phones[i].position_bytes, i, i});
    }
    if (!words.empty() && is_sound) words.back().end_phone = i + 1;
  }
  std::erase_if(words, [](const SpokenWord& word) { return word.end_phone == word.first_phone; });
  return words;
}

std::vector<Token> tokens_of(TextRange clause, std::string_view text,
                             std::span<const SpokenWord> spoken) {
  std::vector<Token> tokens;
  bool is_open = false;
  for (std::uint32_t at = clause.begin_bytes; at < clause.end_bytes;) {
    const CodePoint c = decode_utf8(text, at);
    const auto next = at + static_cast<std::uint32_t>(c.length_bytes);
    if (separates_words(c.value)) {
      is_open = false;
    } else {
      const bool unspaced = is_unspaced_script(c.value);
      const bool starts_spoken = std::ranges::contains(spoken, at, &SpokenWord::position_bytes);
      const bool script_changes = is_open && is_letter_or_digit(c.value) &&
                                  tokens.back().in_unspaced_script != unspaced && starts_spoken;
      if (!is_open || script_changes || (unspaced && starts_spoken)) {
        tokens.push_back({{at, next}, unspaced, at});
        is_open = true;
      }
      tokens.back().range.end_bytes = next;
    }
    at = next;
  }
  return tokens;
}

bool any_character(TextRange range, std::string_view text, bool (*predicate)(char32_t)) {
  for (std::uint32_t at = range.begin_bytes; at < range.end_bytes;) {
    const CodePoint c = decode_utf8(text, at);
    if (predicate(c.value)) return true;
    at += static_cast<std::uint32_t>(c.length_bytes);
  }
  return false;
}

/// Leaves out tokens like "-" that no one says, unless there are no others.
std::vector<Token> sayable(const std::vector<Token>& tokens, std::string_view text) {
  std::vector<Token> kept;
  std::optional<std::uint32_t> skipped_from;
  for (Token token : tokens) {
    if (any_character(token.range, text, is_sayable)) {
      if (skipped_from) token.spoken_from_bytes = *skipped_from;
      skipped_from.reset();
      kept.push_back(token);
    } else if (!skipped_from) {
      skipped_from = token.range.begin_bytes;
    }
  }
  return kept.empty() ? tokens : kept;
}

bool starts_number(std::string_view text, TextRange range) {
  const char first = text[range.begin_bytes];
  if (first != '-' && first != '.') return false;
  const std::size_t next = range.begin_bytes + 1;
  return next < range.end_bytes && text[next] >= '0' && text[next] <= '9';
}

/// Whether the dot that ends a range is part of the word: inside a clause it
/// ends no sentence, and "U.S." has another.
bool dot_belongs(TextRange range, std::string_view text, bool is_last, const EspeakClause& clause) {
  if (range.end_bytes - range.begin_bytes < 2 || text[range.end_bytes - 1] != '.') return false;
  const std::string_view before =
      text.substr(range.begin_bytes, range.end_bytes - 1 - range.begin_bytes);
  if (before.ends_with('.')) return false;
  return !is_last || clause.ends_in_abbreviation || before.contains('.');
}

/// A token without the quotes, brackets and punctuation around it; the whole
/// if nothing else is there.
TextRange trimmed(TextRange range, std::string_view text, bool is_last,
                  const EspeakClause& clause) {
  const auto is_core = [](char32_t c) { return !clings_to_words(c); };
  if (!any_character(range, text, is_core)) return range;
  while (range.begin_bytes < range.end_bytes && !starts_number(text, range)) {
    const CodePoint c = decode_utf8(text, range.begin_bytes);
    if (!clings_to_words(c.value)) break;
    range.begin_bytes += static_cast<std::uint32_t>(c.length_bytes);
  }
  while (range.begin_bytes < range.end_bytes && !dot_belongs(range, text, is_last, clause)) {
    std::uint32_t last = range.end_bytes - 1;
    while ((text[last] & 0xC0) == 0x80) --last;
    if (!clings_to_words(decode_utf8(text, last).value)) break;
    range.end_bytes = last;
  }
  return range;
}

/// Tokens and the spoken words that say them: a token may have several, and
/// several tokens may share one.
struct Group {
  std::vector<TextRange> tokens;
  std::vector<std::size_t> phones;
};

void add_phones(Group& group, const SpokenWord& word, Phones phones) {
  for (std::size_t i = word.first_phone; i < word.end_phone; ++i) {
    if (phones[i].kind == EspeakPhone::Kind::sound) group.phones.push_back(i);
  }
}

/// Walks tokens and spoken words together.
std::vector<Group> grouped(std::span<const Token> tokens, std::span<const SpokenWord> spoken,
                           Phones phones, std::string_view text, const EspeakClause& clause) {
  std::vector<Group> groups;
  std::vector<TextRange> unspoken_first;
  std::size_t word = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_last = i + 1 == tokens.size();
    const TextRange range = trimmed(tokens[i].range, text, is_last, clause);
    Group group{{range}, {}};
    while (word < spoken.size() &&
           (is_last || spoken[word].position_bytes < tokens[i + 1].spoken_from_bytes)) {
      add_phones(group, spoken[word++], phones);
    }
    if (!group.phones.empty()) {
      group.tokens.insert(group.tokens.begin(), unspoken_first.begin(), unspoken_first.end());
      unspoken_first.clear();
      groups.push_back(std::move(group));
    } else if (any_character(range, text, is_letter_or_digit)) {
      (groups.empty() ? unspoken_first : groups.back().tokens).push_back(range);
    }
  }
  return groups;
}

/// Shares a group's phones out among its tokens by the tokens' lengths.
void append_words(const Group& group, ClauseWords& out) {
  std::uint32_t total_bytes = 0;
  for (const TextRange& token : group.tokens) total_bytes += token.end_bytes - token.begin_bytes;
  const std::size_t count = std::min(group.tokens.size(), group.phones.size());
  std::size_t phone = 0;
  std::uint32_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bytes += group.tokens[i].end_bytes - group.tokens[i].begin_bytes;
    const std::size_t share =
        (group.phones.size() * bytes + total_bytes / 2) / std::max(total_bytes, 1U);
    const std::size_t last =
        i + 1 == count ? group.phones.size()
                       : std::clamp(share, phone + 1, group.phones.size() - (count - i - 1));
    const auto index = static_cast<std::int32_t>(out.words.size());
    for (; phone < last; ++phone) out.word_of_phone[group.phones[phone]] = index;
    out.words.push_back(group.tokens[i]);
  }
}

}  // namespace

ClauseWords words_of(const EspeakClause& clause, std::string_view text) {
  const std::vector<SpokenWord> spoken = spoken_words(clause.phones);
  const TextRange range{clause.begin_bytes, clause.end_bytes};
  const std::vector<Token> tokens = sayable(tokens_of(range, text, spoken), text);
  ClauseWords out;
  out.word_of_phone.assign(clause.phones.size(), -1);
  for (const Group& group : grouped(tokens, spoken, clause.phones, text, clause)) {
    append_words(group, out);
  }
  return out;
}

}  // namespace vivavox
