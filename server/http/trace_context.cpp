#include "server/http/trace_context.h"

#include <algorithm>

namespace vivavox {

namespace {

bool is_hex(std::string_view digits) {
  return std::ranges::all_of(digits, [](char digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  });
}

bool is_id(std::string_view digits) {
  return is_hex(digits) && digits.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::string_view trace_id_of(std::string_view traceparent) {
  // version "-" trace "-" parent "-" flags; versions to come may have more after a "-".
  constexpr std::size_t length = 55;
  if (traceparent.size() < length || traceparent[2] != '-' || traceparent[35] != '-' ||
      traceparent[52] != '-') {
    return {};
  }
  const std::string_view version = traceparent.substr(0, 2);
  if (!is_hex(version) || version == "ff") return {};
  const bool is_longer = traceparent.size() > length;
  if (is_longer && (version == "00" || traceparent[length] != '-')) return {};
  const std::string_view trace = traceparent.substr(3, 32);
  const bool is_valid =
      is_id(trace) && is_id(traceparent.substr(36, 16)) && is_hex(traceparent.substr(53, 2));
  return is_valid ? trace : std::string_view();
}

}  // namespace vivavox
