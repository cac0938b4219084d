// What keys give away for a while, tokens and signed URLs, and what they use.
#include <algorithm>

#include "server/http/signed_url.h"
#include "server/service/files_of_service.h"
#include "server/service/service.h"

namespace vivavox {

namespace json = boost::json;

namespace {

Reply without_keys() {
  return problem(409, "this service has no API_KEYS: nothing here needs a token or a signature");
}

std::int64_t expiry_s(const Call& call) {
  return now_ms() / 1000 + *call.body.whole("ttl_seconds");
}

json::value time_of(std::int64_t at_s) {
  return json::string(time_text(at_s * 1000));
}

std::vector<std::string> names_given(const Call& call, std::string_view member) {
  std::vector<std::string> names;
  for (const json::value& one : *call.body.list(member)) names.emplace_back(one.as_string());
  return names;
}

Reply create_token(const Call& call) {
  const Caller& caller = call.caller;
  if (!caller.key) return without_keys();
  if (caller.grant) return problem(403, "a token makes no tokens: ask with an API key");
  const Scope scope = scope_named(*call.body.text("scope")).value();
  if (scope > caller.scope)
    return problem(403, "this API key does not allow a token of that scope");
  const std::int64_t expires_at_s = expiry_s(call);
  const Grant grant{.scope = scope,
                    .expires_at_s = expires_at_s,
                    .avatars = names_given(call, "avatars"),
                    .sessions = names_given(call, "sessions"),
                    .paths = names_given(call, "paths"),
                    .origin = call.body.text("origin").value_or(""),
                    .id = make_token_id(*caller.key, expires_at_s)};
  const std::string token = make_token(*caller.key, grant);
  if (token.size() > longest_token) {
    return problem(Error{ErrorCode::invalid_argument,
                         "the token would be too long for a URL: name fewer, or shorter ones"});
  }
  Reply reply = json_reply({{"token", token},
                            {"token_id", grant.id},
                            {"scope", name_of(scope)},
                            {"expires_at", time_of(expires_at_s)}});
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

Reply revoke_token(Service& service, const Call& call) {
  const Caller& caller = call.caller;
  if (!caller.key) return without_keys();
  if (caller.grant) return problem(403, "a token takes none back: ask with an API key");
  const std::string& token_id = call.path("token_id");
  const auto token = read_token_id(service.http.keys(), token_id);
  if (!token) return problem(token.error());
  if (!caller.viewer.sees_all && token->key->name != caller.viewer.owner) {
    return problem(404, "there is no such token");
  }
  // One that has expired is good for nothing already.
  if (token->expires_at_s * 1000 > now_ms()) {
    if (auto revoked = service.store.revoke_token(token_id, token->expires_at_s); !revoked) {
      return problem(revoked.error());
    }
  }
  return json_reply({{"token_id", token_id}, {"revoked", true}});
}

/// The answer to a GET of `path` by the same caller, who may see no more by a signature.
Reply look_up(Service& service, const Call& call, const Route& route) {
  const CheckedInput input = check_query(*route.operation, route.path_values, {});
  if (!input.violations.empty()) return {.status = 404};
  return kept_file(service, {.operation = *route.operation,
                             .request = call.request,
                             .path_values = route.path_values,
                             .query = input.query,
                             .body = {},
                             .caller = call.caller});
}

Reply create_signed_url(Service& service, const Call& call) {
  const Caller& caller = call.caller;
  if (!caller.key) return without_keys();
  const std::string path = *call.body.text("path");
  const Route route = service.http.router().find("GET", path);
  if (!route.operation || !route.operation->signable) {
    return problem(Error{ErrorCode::invalid_argument,
                         "signed are paths of kept files: /renders/…, /audios/… and /assets/…"});
  }
  if (caller.grant && caller.grant->is_narrow() && !caller.grant->covers_path(path)) {
    return problem(403, "this token is for other avatars, sessions or paths");
  }
  if (const Reply found = look_up(service, call, route); found.status != 200) {
    return problem(404, "there is no such file");
  }
  // Who is let in for a while lets in for no longer.
  const std::int64_t expires_at_s =
      std::min(expiry_s(call), caller.expires_at_s.value_or(expiry_s(call)));
  return json_reply({{"url", signed_url(*caller.key, path, expires_at_s)},
                     {"expires_at", time_of(expires_at_s)}});
}

json::object to_json(const Usage& usage) {
  const auto& [owner, counts, bytes] = usage;
  return {
      {"key", owner.empty() ? json::value() : json::value(owner)},
      {"objects",
       {{"avatars", counts.avatars},
        {"sessions", counts.sessions},
        {"presets", counts.presets},
        {"renders", counts.renders},
        {"audios", counts.audios},
        {"assets", counts.assets}}},
      {"bytes", {{"renders", bytes.renders}, {"audios", bytes.audios}, {"assets", bytes.assets}}}};
}

/// A limit as clients read it: null where there is none.
json::value limit_of(std::uint64_t most) {
  return most == 0 ? json::value() : json::value(most);
}

Reply get_usage(Service& service, const Call& call) {
  const Viewer& viewer = call.caller.viewer;
  const auto all =
      service.store.usage(viewer.sees_all ? std::nullopt : std::optional(viewer.owner));
  if (!all) return problem(all.error());
  json::array usage;
  for (const Usage& one : *all) usage.push_back(to_json(one));
  const Settings& settings = service.settings;
  return json_reply(
      {{"usage", std::move(usage)},
       {"limits",
        {{"objects_per_key", limit_of(static_cast<std::uint64_t>(settings.max_objects_per_key))},
         {"bytes_per_key", limit_of(settings.max_storage_per_key_bytes)},
         {"objects", limit_of(static_cast<std::uint64_t>(settings.max_objects))},
         {"bytes", limit_of(settings.max_storage_bytes)},
         {"render_bytes", limit_of(settings.max_renders_bytes)}}}});
}

}  // namespace

void add_access_handlers(Service& service) {
  HttpServer& http = service.http;
  http.handle("createToken", [](const Call& call) { return create_token(call); });
  http.handle("revokeToken", [&](const Call& call) { return revoke_token(service, call); });
  http.handle("createSignedUrl",
              [&](const Call& call) { return create_signed_url(service, call); });
  http.handle("getUsage", [&](const Call& call) { return get_usage(service, call); });
}

}  // namespace vivavox
