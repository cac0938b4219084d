#include "server/http/schema.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace vivavox {

namespace json = boost::json;

namespace {

/// Kinds and messages as FastAPI (pydantic 2) words them, most telling first.
struct TypeName {
  unsigned type;
  std::string_view name;
  const char* kind;
  const char* message;
};
constexpr TypeName type_names[] = {
    {64, "object", "dict_type", "Input should be a valid dictionary"},
    {32, "array", "list_type", "Input should be a valid list"},
    {4, "integer", "int_type", "Input should be a valid integer"},
    {8, "number", "float_type", "Input should be a valid number"},
    {16, "string", "string_type", "Input should be a valid string"},
    {2, "boolean", "bool_type", "Input should be a valid boolean"},
    {1, "null", "none_required", "Input should be null"},
};

unsigned type_of_name(std::string_view name) {
  for (const TypeName& entry : type_names) {
    if (entry.name == name) return entry.type;
  }
  throw std::invalid_argument("unknown JSON Schema type: " + std::string(name));
}

unsigned types_of(const json::value& type) {
  if (type.is_string()) return type_of_name(type.as_string());
  unsigned types = 0;
  for (const json::value& one : type.as_array()) types |= type_of_name(one.as_string());
  return types;
}

bool is_integral(const json::value& value) {
  return value.is_int64() || value.is_uint64() ||
         (value.is_double() && std::trunc(value.as_double()) == value.as_double() &&
          std::abs(value.as_double()) < 9e15);
}

json::array extended(const json::array& loc, const json::value& step) {
  json::array longer = loc;
  longer.push_back(step);
  return longer;
}

std::string shown(double value) {
  std::string text = json::serialize(json::value(value));
  if (is_integral(value)) text = std::to_string(static_cast<std::int64_t>(value));
  return text;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return count;
}

}  // namespace

json::object to_json(const std::vector<Violation>& violations) {
  json::array detail;
  for (const Violation& violation : violations) {
    detail.push_back({{"loc", violation.loc}, {"msg", violation.msg}, {"type", violation.type}});
  }
  return {{"detail", std::move(detail)}};
}

Schema Schema::compile(const json::value& definition, const json::object& components) {
  Schema schema;
  for (const auto& [keyword, value] : definition.as_object()) {
    if (keyword == "$ref") {
      const std::string_view path = value.as_string();
      constexpr std::string_view prefix = "#/components/schemas/";
      if (!path.starts_with(prefix))
        throw std::invalid_argument("unknown $ref: " + std::string(path));
      schema = compile(components.at(path.substr(prefix.size())), components);
    } else if (keyword == "type") {
      schema.types_ = types_of(value);
    } else if (keyword == "minimum") {
      schema.minimum_ = value.to_number<double>();
    } else if (keyword == "maximum") {
      schema.maximum_ = value.to_number<double>();
    } else if (keyword == "minLength" || keyword == "minItems") {
      schema.least_ = value.to_number<std::size_t>();
    } else if (keyword == "maxLength" || keyword == "maxItems") {
      schema.most_ = value.to_number<std::size_t>();
    } else if (keyword == "enum") {
      schema.enum_.assign(value.as_array().begin(), value.as_array().end());
    } else if (keyword == "default") {
      schema.default_ = value;
    } else if (keyword == "items") {
      schema.items_ = std::make_shared<const Schema>(compile(value, components));
    } else if (keyword == "anyOf") {
      for (const json::value& one : value.as_array()) {
        schema.any_of_.push_back(compile(one, components));
      }
    } else if (keyword == "properties") {
      const json::value* required = definition.as_object().if_contains("required");
      for (const auto& [name, property] : value.as_object()) {
        bool is_required = false;
        if (required) {
          for (const json::value& one : required->as_array()) is_required |= one == name;
        }
        schema.properties_.push_back(
            std::make_shared<const Property>(name, is_required, compile(property, components)));
      }
    } else if (keyword != "required" && keyword != "description" && keyword != "format" &&
               keyword != "examples") {
      throw std::invalid_argument("JSON Schema keyword that nobody checks: " +
                                  std::string(keyword));
    }
  }
  return schema;
}

bool Schema::accepts_type(const json::value& value) const {
  if (types_ == 0) return true;
  switch (value.kind()) {
    case json::kind::null:
      return types_ & null;
    case json::kind::bool_:
      return types_ & boolean;
    case json::kind::string:
      return types_ & string;
    case json::kind::array:
      return types_ & array;
    case json::kind::object:
      return types_ & object;
    default:
      return (types_ & number) || ((types_ & integer) && is_integral(value));
  }
}

Violation Schema::wrong_type(json::array loc) const {
  for (const TypeName& entry : type_names) {
    if (types_ & entry.type) return {std::move(loc), entry.message, entry.kind};
  }
  return {std::move(loc), "Input should be one of the documented forms", "union"};
}

void Schema::check_number(double value, const json::array& loc,
                          std::vector<Violation>& found) const {
  if (!std::isfinite(value)) {
    found.push_back({loc, "Input should be a finite number", "finite_number"});
  } else if (minimum_ && value < *minimum_) {
    found.push_back({loc, "Input should be greater than or equal to " + shown(*minimum_),
                     "greater_than_equal"});
  } else if (maximum_ && value > *maximum_) {
    found.push_back(
        {loc, "Input should be less than or equal to " + shown(*maximum_), "less_than_equal"});
  }
}

void Schema::check_length(std::size_t length, const char* kind, const json::array& loc,
                          std::vector<Violation>& found) const {
  const std::string prefix = kind;
  const std::string unit = prefix.empty() ? " items" : " characters";
  if (least_ && length < *least_) {
    found.push_back(
        {loc, "Should have at least " + std::to_string(*least_) + unit, prefix + "too_short"});
  } else if (most_ && length > *most_) {
    found.push_back(
        {loc, "Should have at most " + std::to_string(*most_) + unit, prefix + "too_long"});
  }
}

void Schema::check_properties(json::object& value, const json::array& loc,
                              std::vector<Violation>& found) const {
  for (const auto& property : properties_) {
    if (json::value* member = value.if_contains(property->name)) {
      property->schema.check(*member, extended(loc, json::string(property->name)), found);
    } else if (property->required) {
      found.push_back({extended(loc, json::string(property->name)), "Field required", "missing"});
    } else if (property->schema.default_) {
      value.emplace(property->name, *property->schema.default_);
    }
  }
}

void Schema::check(json::value& value, json::array loc, std::vector<Violation>& found) const {
  if (!any_of_.empty()) {
    std::vector<Violation> first;
    for (const Schema& choice : any_of_) {
      std::vector<Violation> wrong;
      choice.check(value, loc, wrong);
      if (wrong.empty()) return;
      if (first.empty()) first = std::move(wrong);
    }
    found.insert(found.end(), first.begin(), first.end());
    return;
  }
  if (!accepts_type(value)) {
    found.push_back(wrong_type(std::move(loc)));
    return;
  }
  if (!enum_.empty() && std::ranges::find(enum_, value) == enum_.end()) {
    std::string choices;
    for (const json::value& choice : enum_) {
      choices += (choices.empty() ? "" : ", ") + json::serialize(choice);
    }
    found.push_back({std::move(loc), "Input should be one of " + choices, "enum"});
    return;
  }
  if (value.is_number()) {
    check_number(value.to_number<double>(), loc, found);
    // 512.0 is an integer to JSON Schema: handlers shall find one kind of it.
    if (value.is_double() && !(types_ & number) && (types_ & integer)) {
      value = static_cast<std::int64_t>(value.as_double());
    } else if (value.is_uint64()) {
      value = std::numeric_limits<std::int64_t>::max();
    }
  } else if (const auto* text = value.if_string()) {
    check_length(code_points(*text), "string_", loc, found);
  } else if (auto* list = value.if_array()) {
    check_length(list->size(), "", loc, found);
    if (!items_) return;
    for (std::size_t i = 0; i < list->size(); ++i)
      items_->check((*list)[i], extended(loc, i), found);
  } else if (auto* members = value.if_object()) {
    check_properties(*members, loc, found);
  }
}

void Schema::drop_unknown(json::value& value) const {
  json::object* object = value.if_object();
  if (!object) return;
  json::object known(object->storage());
  for (auto& [name, one] : *object) {
    const auto is_it = [&](const auto& property) {
      return property->name == std::string_view(name);
    };
    if (std::ranges::any_of(properties_, is_it)) known.emplace(name, std::move(one));
  }
  *object = std::move(known);
}

json::value Schema::from_text(std::string_view text) const {
  const char* end = text.data() + text.size();
  if (types_ & integer) {
    std::int64_t whole = 0;
    const auto [rest, error] = std::from_chars(text.data(), end, whole);
    if (error == std::errc() && rest == end) return whole;
  } else if (types_ & number) {
    double real = 0;
    const auto [rest, error] = std::from_chars(text.data(), end, real);
    if (error == std::errc() && rest == end) return real;
  } else if (types_ & boolean) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
  }
  return json::string(text);
}

}  // namespace vivavox
