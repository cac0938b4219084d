// What a request gives by name.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vivavox {

/// The fields of a body or a query, read by the types that the document declares for them:
/// they were held against it before, and have its defaults. What is missing or null is
/// nullopt, or nullptr.
class Fields {
 public:
  Fields() = default;
  Fields(boost::json::object fields) : fields_(std::move(fields)) {}
  /// Of a request without a body: none.
  Fields(boost::json::value body) {
    if (body.is_object()) fields_ = std::move(body.as_object());
  }

  std::optional<std::string> text(std::string_view name) const {
    const boost::json::value* value = any(name);
    return value && value->is_string() ? std::optional(std::string(value->as_string()))
                                       : std::nullopt;
  }
  std::optional<std::int64_t> whole(std::string_view name) const {
    const boost::json::value* value = any(name);
    return value && value->is_number() ? std::optional(value->to_number<std::int64_t>())
                                       : std::nullopt;
  }
  std::optional<double> number(std::string_view name) const {
    const boost::json::value* value = any(name);
    return value && value->is_number() ? std::optional(value->to_number<double>()) : std::nullopt;
  }
  std::optional<bool> flag(std::string_view name) const {
    const boost::json::value* value = any(name);
    return value && value->is_bool() ? std::optional(value->as_bool()) : std::nullopt;
  }
  const boost::json::array* list(std::string_view name) const {
    const boost::json::value* value = any(name);
    return value ? value->if_array() : nullptr;
  }
  const boost::json::object* object(std::string_view name) const {
    const boost::json::value* value = any(name);
    return value ? value->if_object() : nullptr;
  }
  /// Of whatever type.
  const boost::json::value* any(std::string_view name) const {
    const boost::json::value* value = fields_.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
  }

  const boost::json::object& all() const { return fields_; }

 private:
  boost::json::object fields_;
};

}  // namespace vivavox
