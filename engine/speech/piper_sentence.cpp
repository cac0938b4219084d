#include "engine/speech/piper_sentence.h"

#include <span>

#include "engine/speech/characters.h"
#include "engine/text/nfd.h"

namespace vivavox {

namespace {

/// A model's memory grows with the square of this.
constexpr std::size_t max_symbols = 1000;

constexpr char32_t primary_stress_mark = U'ˈ';
constexpr char32_t secondary_stress_mark = U'ˌ';

void append_symbols(PiperSentence& out, std::u32string_view symbols, std::int32_t phone) {
  for (const char32_t symbol : to_nfd(symbols)) out.symbols.push_back({symbol, phone});
}

/// "." ends a sentence; after what does not, a blank follows.
void append_terminator(PiperSentence& out, char terminator) {
  if (terminator == 0) return;
  append_symbols(out, std::u32string(1, static_cast<unsigned char>(terminator)), -1);
  if (terminator == ',' || terminator == ':' || terminator == ';') append_symbols(out, U" ", -1);
}

/// espeak-ng's phoneme string, without its flags of language switches.
void append_ipa(PiperSentence& out, const EspeakClause& clause, const std::string& text) {
  const ClauseWords words = words_of(clause, text);
  const auto first_word = static_cast<std::int32_t>(out.words.size());
  out.words.insert(out.words.end(), words.words.begin(), words.words.end());
  for (std::size_t i = 0; i < clause.phones.size(); ++i) {
    const EspeakPhone& phone = clause.phones[i];
    if (phone.space_before) append_symbols(out, U" ", -1);
    if (phone.kind != EspeakPhone::Kind::sound || phone.ipa.empty()) continue;
    const std::int32_t word = words.word_of_phone[i];
    const auto index = static_cast<std::int32_t>(out.phones.size());
    out.phones.push_back({phone.ipa, phone.stress, word < 0 ? -1 : first_word + word});
    if (phone.stress == Stress::primary) {
      append_symbols(out, std::u32string(1, primary_stress_mark), index);
    }
    if (phone.stress == Stress::secondary) {
      append_symbols(out, std::u32string(1, secondary_stress_mark), index);
    }
    append_symbols(out, code_points(phone.ipa), index);
  }
}

/// A clause's own characters; a word is what lies between blanks and
/// punctuation, and each of its characters a phone.
void append_text(PiperSentence& out, const EspeakClause& clause, const std::string& text) {
  bool is_in_word = false;
  const std::u32string characters =
      code_points(text.substr(clause.begin_bytes, clause.end_bytes - clause.begin_bytes));
  std::uint32_t at_bytes = clause.begin_bytes;
  for (const char32_t c : characters) {
    const std::string utf8 = to_utf8(c);
    const auto next_bytes = at_bytes + static_cast<std::uint32_t>(utf8.size());
    if (is_letter_or_digit(c)) {
      if (!is_in_word) out.words.push_back({at_bytes, next_bytes});
      out.words.back().end_bytes = next_bytes;
      const auto word = static_cast<std::int32_t>(out.words.size()) - 1;
      out.phones.push_back({utf8, Stress::none, word});
      append_symbols(out, std::u32string(1, c), static_cast<std::int32_t>(out.phones.size()) - 1);
    } else {
      append_symbols(out, std::u32string(1, c), -1);
    }
    is_in_word = is_letter_or_digit(c);
    at_bytes = next_bytes;
  }
}

}  // namespace

std::u32string PiperSentence::symbol_values() const {
  std::u32string values;
  for (const PiperSymbol& symbol : symbols) values += symbol.value;
  return values;
}

Result<std::optional<PiperSentence>> next_sentence(EspeakEngine& engine, const PiperConfig& config,
                                                   const std::string& text,
                                                   std::uint32_t begin_bytes) {
  PiperSentence sentence{.end_bytes = begin_bytes};
  while (sentence.end_bytes < text.size() && sentence.symbols.size() < max_symbols) {
    const auto clause = engine.translate(config.espeak_voice, text, sentence.end_bytes);
    if (!clause) return std::unexpected(clause.error());
    sentence.end_bytes = clause->end_bytes;
    if (!has_sound(*clause)) continue;
    if (config.phoneme_type == PhonemeType::text) {
      append_text(sentence, *clause, text);
    } else {
      append_ipa(sentence, *clause, text);
      append_terminator(sentence, clause->terminator);
    }
    if (clause->ends_sentence) break;
  }
  if (sentence.phones.empty()) return std::nullopt;
  return sentence;
}

}  // namespace vivavox
