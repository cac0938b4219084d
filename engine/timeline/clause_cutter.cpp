#include "engine/timeline/clause_cutter.h"

#include <algorithm>

#include "engine/text/utf8.h"

namespace vivavox {

namespace {

/// The stretch and what closes it up to the next blank: a question is asked otherwise.
std::string with_mark_after(const std::string& text, std::size_t begin, std::size_t end) {
  const std::size_t blank = text.find_first_of(" \t\n\r", end);
  constexpr std::size_t longest_bytes = 64;
  if (blank == std::string::npos && text.size() - end > longest_bytes) {
    return text.substr(begin, end - begin);
  }
  return text.substr(begin, std::min(blank, text.size()) - begin);
}

}  // namespace

std::size_t ClauseCutter::cut(Timeline& clause) {
  const std::size_t begin = clause.words.empty() ? at_bytes_ : clause.words.front().begin_bytes;
  // Words may be said twice or out of order; then the count begins anew.
  if (begin < at_bytes_) at_bytes_ = at_units_ = 0;
  at_units_ += utf16_length(std::string_view(clause.text).substr(at_bytes_, begin - at_bytes_));
  at_bytes_ = begin;
  std::size_t end = begin;
  for (Word& word : clause.words) {
    end = std::max<std::size_t>(end, word.end_bytes);
    word.begin_bytes -= static_cast<std::uint32_t>(begin);
    word.end_bytes -= static_cast<std::uint32_t>(begin);
  }
  clause.text = with_mark_after(clause.text, begin, end);
  return at_units_;
}

}  // namespace vivavox
