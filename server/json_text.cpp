#include "server/json_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace vivavox {

namespace json = boost::json;

namespace {

void append(std::string& out, const json::value& value);

void append_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 32> text;
  const char* end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  const std::string_view digits(text.data(), static_cast<std::size_t>(end - text.data()));
  out += digits;
  if (digits.find_first_of(".e") == digits.npos) out += ".0";
}

void append_array(std::string& out, const json::array& array) {
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    append(out, array[i]);
  }
  out += ']';
}

void append_object(std::string& out, const json::object& object) {
  out += '{';
  bool first = true;
  for (const auto& [key, value] : object) {
    if (!first) out += ',';
    first = false;
    out += json::serialize(json::string_view(key));
    out += ':';
    append(out, value);
  }
  out += '}';
}

// As deep as the parser lets values be.
void append(std::string& out, const json::value& value) {
  if (const double* number = value.if_double()) return append_double(out, *number);
  if (const json::array* array = value.if_array()) return append_array(out, *array);
  if (const json::object* object = value.if_object()) return append_object(out, *object);
  out += json::serialize(value);
}

}  // namespace

std::string json_text(const json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string json_text(const json::object& object) {
  std::string out;
  append_object(out, object);
  return out;
}

}  // namespace vivavox
