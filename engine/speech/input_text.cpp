#include "engine/speech/input_text.h"

#include <algorithm>

#include "engine/text/utf8.h"

namespace vivavox {

namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' && c != '\r') ||
         c == '\x7f';
}

}  // namespace

Result<void> check_text(std::string_view text) {
  if (text.size() > max_text_bytes) {
    return fail(ErrorCode::invalid_text, "the text has " + std::to_string(text.size()) +
                                             " bytes; at most " + std::to_string(max_text_bytes) +
                                             " can be spoken at once: split it");
  }
  if (const std::size_t invalid = find_invalid_utf8(text); invalid != std::string_view::npos) {
    return fail(ErrorCode::invalid_text, "the text is not UTF-8: byte " + std::to_string(invalid) +
                                             " is wrong; save it as UTF-8");
  }
  const auto is_blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
  if (std::ranges::all_of(text, [&](char c) { return is_blank(c) || is_control(c); })) {
    return fail(ErrorCode::invalid_text, "the text is empty: give it at least one word");
  }
  return {};
}

std::string without_controls(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, is_control, ' ');
  return out;
}

}  // namespace vivavox
