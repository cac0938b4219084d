#include "server/http/openapi.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

extern "C" {
extern const unsigned char openapi_json[];
extern const std::size_t openapi_json_size;
}

namespace vivavox {

namespace json = boost::json;

namespace {

bool flag(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->as_bool();
}

Parameter read_parameter(const json::object& declared, const json::object& components) {
  return {.name = std::string(declared.at("name").as_string()),
          .in_path = declared.at("in").as_string() == "path",
          .required = flag(declared, "required"),
          .is_rest = flag(declared, "x-rest"),
          .schema = Schema::compile(declared.at("schema"), components)};
}

/// Whether this media type's schema has an avatar_id.
bool has_avatar_id(const json::object& media) {
  const json::value* schema = media.if_contains("schema");
  const json::value* properties = schema ? schema->as_object().if_contains("properties") : nullptr;
  return properties && properties->as_object().contains("avatar_id");
}

Operation read_operation(std::string_view path, std::string_view method,
                         const json::object& declared, const json::object& components) {
  Operation operation;
  operation.id = declared.at("operationId").as_string();
  operation.path = path;
  operation.method = method;
  std::ranges::transform(operation.method, operation.method.begin(),
                         [](char c) { return static_cast<char>(std::toupper(c)); });
  operation.summary = declared.at("summary").as_string();
  operation.scope = scope_named(declared.at("x-scope").as_string()).value();
  operation.unlimited = flag(declared, "x-unlimited");
  operation.signable = flag(declared, "x-signable");
  operation.is_stream = declared.at("responses").as_object().contains("101");
  if (const json::value* parameters = declared.if_contains("parameters")) {
    for (const json::value& one : parameters->as_array()) {
      // Headers are read by whom they concern.
      if (one.at("in").as_string() == "header") {
        if (one.at("name").as_string() == "Idempotency-Key") operation.repeatable = true;
        continue;
      }
      operation.parameters.push_back(read_parameter(one.as_object(), components));
    }
  }
  if (const json::value* body = declared.if_contains("requestBody")) {
    operation.body_required = flag(body->as_object(), "required");
    const json::object& content = body->at("content").as_object();
    operation.names_avatar = has_avatar_id(content.begin()->value().as_object());
    if (const json::value* as_json = content.if_contains("application/json")) {
      operation.body = Schema::compile(as_json->at("schema"), components);
    }
    operation.raw_body = content.size() > (operation.body ? 1 : 0);
  }
  return operation;
}

constexpr std::array<std::string_view, 4> scope_names{"none", "read", "write", "admin"};

}  // namespace

std::optional<Scope> scope_named(std::string_view name) {
  const auto found = std::ranges::find(scope_names, name);
  if (found == scope_names.end()) return std::nullopt;
  return static_cast<Scope>(found - scope_names.begin());
}

std::string_view name_of(Scope scope) {
  return scope_names.at(static_cast<std::size_t>(scope));
}

Api read_api(std::string_view text) {
  Api api{.text = std::string(text), .document = json::parse(text), .operations = {}};
  const json::object& components = api.document.at("components").at("schemas").as_object();
  for (const auto& [path, methods] : api.document.at("paths").as_object()) {
    for (const auto& [method, declared] : methods.as_object()) {
      api.operations.push_back(read_operation(path, method, declared.as_object(), components));
    }
  }
  return api;
}

const Api& built_in_api() {
  static const Api api = read_api({reinterpret_cast<const char*>(openapi_json), openapi_json_size});
  return api;
}

CheckedInput check_query(const Operation& operation,
                         const std::vector<std::pair<std::string, std::string>>& path_values,
                         const std::multimap<std::string, std::string>& query) {
  CheckedInput input;
  for (const Parameter& parameter : operation.parameters) {
    const char* where = parameter.in_path ? "path" : "query";
    const json::array loc{where, json::string(parameter.name)};
    if (parameter.in_path) {
      const auto given = std::ranges::find(path_values, parameter.name,
                                           &std::pair<std::string, std::string>::first);
      json::value value = json::string(given->second);
      parameter.schema.check(value, loc, input.violations);
    } else if (const auto given = query.find(parameter.name); given != query.end()) {
      json::value value = parameter.schema.from_text(given->second);
      parameter.schema.check(value, loc, input.violations);
      input.query.emplace(parameter.name, std::move(value));
    } else if (parameter.schema.default_value()) {
      input.query.emplace(parameter.name, *parameter.schema.default_value());
    } else if (parameter.required) {
      input.violations.push_back({loc, "Field required", "missing"});
    }
  }
  return input;
}

void check_body(const Operation& operation, std::string_view text, CheckedInput& input) {
  if (text.find_first_not_of(" \t\r\n") == text.npos) {
    if (operation.body_required) {
      input.violations.push_back({{"body"}, "Field required", "missing"});
      return;
    }
    text = "{}";
  }
  boost::system::error_code error;
  input.body = json::parse(text, error);
  if (error) {
    input.violations.push_back({{"body"}, "JSON decode error: " + error.message(), "json_invalid"});
    return;
  }
  // Handlers share code, and one would take what is only another's, and was not checked.
  operation.body->drop_unknown(input.body);
  operation.body->check(input.body, {"body"}, input.violations);
}

}  // namespace vivavox
