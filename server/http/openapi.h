// shared/openapi.json: the one place that declares each route, read at start.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/schema.h"

namespace vivavox {

/// What a caller's API key must allow.
enum class Scope { none, read, write, admin };

/// "none", "read", "write" or "admin"; nullopt: none of these.
std::optional<Scope> scope_named(std::string_view name);
std::string_view name_of(Scope scope);

struct Parameter {
  std::string name;
  bool in_path;
  bool required;
  bool is_rest;  ///< a path parameter that takes all remaining segments ("x-rest")
  Schema schema;
};

/// One operation of the document.
struct Operation {
  std::string id;
  std::string method;  ///< upper case
  std::string path;    ///< "/api/v1/avatars/{avatar_id}/state"
  std::string summary;
  std::vector<Parameter> parameters;
  std::optional<Schema> body;  ///< of the JSON body
  bool body_required = false;
  bool raw_body = false;      ///< the handler reads a body that is not JSON itself
  bool is_stream = false;     ///< a WebSocket
  bool unlimited = false;     ///< free of the rate limit ("x-unlimited")
  bool signable = false;      ///< a signed URL opens it without a key ("x-signable")
  bool repeatable = false;    ///< takes an Idempotency-Key
  bool names_avatar = false;  ///< the body may name an avatar, which else is "default"
  Scope scope = Scope::read;
};

struct Api {
  std::string text;  ///< the document as it is served
  boost::json::value document;
  std::vector<Operation> operations;
};

/// Reads the document. Throws std::exception where it is not as it should be:
/// it is part of the program.
Api read_api(std::string_view text);

/// The document that is built into the program.
const Api& built_in_api();

/// Checks path parameters, query and body (where there is one) against the
/// operation and fills in defaults.
struct CheckedInput {
  boost::json::object query;
  boost::json::value body;
  std::vector<Violation> violations;
};
CheckedInput check_query(const Operation& operation,
                         const std::vector<std::pair<std::string, std::string>>& path_values,
                         const std::multimap<std::string, std::string>& query);
void check_body(const Operation& operation, std::string_view text, CheckedInput& input);

}  // namespace vivavox
