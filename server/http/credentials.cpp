#include "server/http/credentials.h"

#include <algorithm>
#include <chrono>
#include <format>
#include <vector>

#include "server/http/http_request.h"
#include "server/http/signed_url.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// What a request shows to be let in.
struct Credential {
  std::string_view text;
  bool is_in_url = false;
};

Credential credential_of(const httplib::Request& request, const Operation& operation) {
  if (const auto key = request.headers.find("X-API-Key"); key != request.headers.end()) {
    return {key->second};
  }
  constexpr std::string_view bearer = "Bearer ";
  if (const auto given = request.headers.find("Authorization");
      given != request.headers.end() && given->second.starts_with(bearer)) {
    return {std::string_view(given->second).substr(bearer.size())};
  }
  // A browser cannot give a WebSocket headers.
  if (operation.is_stream) {
    for (const char* name : {"access_token", "api_key"}) {
      if (const auto given = request.params.find(name); given != request.params.end()) {
        return {given->second, true};
      }
    }
  }
  return {};
}

/// As RFC 6750 has it. `error`: its name there, none where nothing was shown.
Reply challenge(int status, std::string_view detail, std::string_view error,
                std::string_view scope = {}) {
  Reply reply = problem(status, detail);
  std::string value = "Bearer realm=\"vivavox\"";
  if (!error.empty())
    value += std::format(", error=\"{}\", error_description=\"{}\"", error, detail);
  if (!scope.empty()) value += std::format(", scope=\"{}\"", scope);
  reply.headers.emplace_back("WWW-Authenticate", std::move(value));
  return reply;
}

Viewer viewer_by(const ApiKey& key, Scope scope) {
  return {.owner = key.name, .sees_all = scope == Scope::admin};
}

/// Whose a credential is. A key opens everything it ever will, so it is not for URLs,
/// which end up in logs and histories.
Result<Caller> bearer_of(const ApiKeys& keys, const Credential& shown) {
  const ApiKey* key = shown.is_in_url ? nullptr : keys.find(shown.text);
  if (key) {
    return Caller{.scope = key->scope,
                  .viewer = viewer_by(*key, key->scope),
                  .key = key,
                  .grant = {},
                  .expires_at_s = {}};
  }
  if (!is_token(shown.text)) {
    return fail(ErrorCode::invalid_argument,
                shown.is_in_url
                    ? "a URL takes no API key: get a token from /api/v1/tokens, as access_token"
                    : "this API key is not known here");
  }
  auto token = read_token(keys, shown.text, now_s());
  if (!token) return std::unexpected(token.error());
  const Scope scope = token->grant.scope;
  const std::int64_t expires_at_s = token->grant.expires_at_s;
  return Caller{.scope = scope,
                .viewer = viewer_by(*token->key, scope),
                .key = token->key,
                .grant = std::move(token->grant),
                .expires_at_s = expires_at_s};
}

/// A token that is bound to an origin is good where the browser says so; it leaves Origin
/// out where a page only reads what is its own server's.
bool is_from(const httplib::Request& request, const std::string& origin) {
  const auto given = request.headers.find("Origin");
  if (given != request.headers.end()) return given->second == origin;
  return Origins::is_same(origin, request.get_header_value("Host"));
}

std::vector<std::string> path_values_of(const Route& route, std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [one, value] : route.path_values) {
    if (one == name) values.push_back(value);
  }
  return values;
}

/// The avatars that a request is about. nullopt: its form, which is not read yet, says so.
std::optional<std::vector<std::string>> named_avatars(const Route& route,
                                                      const CheckedInput& input) {
  std::vector<std::string> avatars = path_values_of(route, "avatar_id");
  const auto add = [&](const json::value& source) {
    const json::object* object = source.if_object();
    const json::value* avatar = object ? object->if_contains("avatar_id") : nullptr;
    if (avatar && avatar->is_string()) avatars.emplace_back(avatar->as_string());
  };
  add(json::value(input.query));
  if (avatars.empty() && route.operation->names_avatar && route.operation->raw_body &&
      input.body.is_null()) {
    return std::nullopt;
  }
  add(input.body);
  if (avatars.empty() && route.operation->names_avatar) avatars.emplace_back("default");
  return avatars;
}

Reply not_covered() {
  return challenge(403, "this token is for other avatars, sessions or paths", "insufficient_scope");
}

}  // namespace

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::expected<Caller, Reply> read_caller(const httplib::Request& request,
                                         const Operation& operation, const ApiKeys& keys,
                                         const IsRevoked& is_revoked) {
  if (keys.empty())
    return Caller{.scope = Scope::admin, .viewer = everything, .grant = {}, .expires_at_s = {}};
  if (operation.scope == Scope::none) return Caller{};
  const Credential shown = credential_of(request, operation);
  if (shown.text.empty() && operation.signable && is_signed(request.params)) {
    const auto url = read_signed_url(keys, raw_path_of(request), request.params, now_s());
    if (!url) return std::unexpected(problem(403, url.error().message));
    // Whether it may be opened was asked when it was signed, and it opens nothing else.
    return Caller{.scope = Scope::read,
                  .viewer = {.owner = url->key->name, .sees_all = true},
                  .key = url->key,
                  .grant = {},
                  .expires_at_s = url->expires_at_s};
  }
  if (shown.text.empty()) {
    return std::unexpected(
        challenge(401, "an API key is needed: send it as X-API-Key or Authorization: Bearer", ""));
  }
  auto caller = bearer_of(keys, shown);
  if (!caller) return std::unexpected(challenge(401, caller.error().message, "invalid_token"));
  if (caller->grant) {
    const auto revoked = is_revoked(caller->grant->id);
    if (!revoked) return std::unexpected(problem(revoked.error()));
    if (*revoked) {
      return std::unexpected(
          challenge(401, "this token was taken back: ask for a new one", "invalid_token"));
    }
  }
  if (caller->grant && !caller->grant->origin.empty() && !is_from(request, caller->grant->origin)) {
    return std::unexpected(
        challenge(403, "this token is for pages of another origin", "insufficient_scope"));
  }
  if (caller->scope < operation.scope) {
    return std::unexpected(challenge(
        403, caller->grant ? "this token does not allow that" : "this API key does not allow that",
        "insufficient_scope", name_of(operation.scope)));
  }
  return *std::move(caller);
}

std::optional<Reply> check_grant(const Caller& caller, const Route& route,
                                 const CheckedInput& input, std::string_view path) {
  if (!caller.grant || !caller.grant->is_narrow()) return std::nullopt;
  const auto avatars = named_avatars(route, input);
  if (!avatars || caller.grant->covers(path, *avatars, path_values_of(route, "session_id"))) {
    return std::nullopt;
  }
  return not_covered();
}

}  // namespace vivavox
