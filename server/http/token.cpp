#include "server/http/token.h"

#include <algorithm>
#include <charconv>
#include <format>

#include "server/assets/base64.h"
#include "server/assets/hmac.h"
#include "server/assets/sha256.h"

namespace vivavox {

namespace json = boost::json;

namespace {

/// There is one algorithm: what a token says of it is compared, not followed.
std::string header_of(const ApiKey& key) {
  return to_base64url(R"({"alg":"HS256","kid":")" + key.id + R"(","typ":"JWT"})");
}

/// By its "kid"; any header but that key's own is none of ours.
const ApiKey* key_of_header(const ApiKeys& keys, std::string_view header) {
  const auto text = from_base64url(header);
  boost::system::error_code error;
  const json::value value = text ? json::parse(*text, error) : json::value();
  const json::value* id = value.is_object() ? value.as_object().if_contains("kid") : nullptr;
  const ApiKey* key = id && id->is_string() ? keys.with_id(id->as_string()) : nullptr;
  return key && header_of(*key) == header ? key : nullptr;
}

std::string signature_of(const ApiKey& key, std::string_view signed_text) {
  return to_base64url(hmac_sha256(key.token_secret(), signed_text));
}

/// What stands behind the last dot of a token's id.
std::string sign_of_id(const ApiKey& key, std::string_view text) {
  return to_base64url(hmac_sha256(key.token_secret(), std::format("id {}", text)).substr(0, 12));
}

json::array list_of(const std::vector<std::string>& names) {
  return json::array(names.begin(), names.end());
}

std::vector<std::string> names_of(const json::object& claims, std::string_view name) {
  std::vector<std::string> names;
  if (const json::value* list = claims.if_contains(name)) {
    for (const json::value& one : list->as_array()) names.emplace_back(one.as_string());
  }
  return names;
}

/// Of claims that this service signed, and nobody else can have.
Grant grant_of(const json::object& claims) {
  const json::value* origin = claims.if_contains("origin");
  return {.scope = scope_named(claims.at("scope").as_string()).value_or(Scope::none),
          .expires_at_s = claims.at("exp").as_int64(),
          .avatars = names_of(claims, "avatars"),
          .sessions = names_of(claims, "sessions"),
          .paths = names_of(claims, "paths"),
          .origin = origin ? std::string(origin->as_string()) : std::string(),
          .id = std::string(claims.at("jti").as_string())};
}

}  // namespace

bool Grant::covers_path(std::string_view path) const {
  return std::ranges::any_of(paths, [&](const std::string& one) {
    return path == one || (one.ends_with('/') && path.starts_with(one));
  });
}

bool Grant::covers(std::string_view path, std::span<const std::string> named_avatars,
                   std::span<const std::string> named_sessions) const {
  if (!is_narrow()) return true;
  const bool by_path = covers_path(path);
  const auto all_in = [&](std::span<const std::string> named, const auto& listed) {
    return std::ranges::all_of(named, [&](const std::string& one) {
      return listed.empty() ? by_path : std::ranges::contains(listed, one);
    });
  };
  const bool names_any = !named_avatars.empty() || !named_sessions.empty();
  return (names_any || by_path) && all_in(named_avatars, avatars) &&
         all_in(named_sessions, sessions);
}

std::string make_token_id(const ApiKey& key, std::int64_t expires_at_s) {
  const std::string text = std::format("{:x}.{}", expires_at_s, random_hex(8));
  return std::format("{}.{}", text, sign_of_id(key, text));
}

Result<TokenId> read_token_id(const ApiKeys& keys, std::string_view id) {
  const std::size_t dot = std::min(id.rfind('.'), id.size());
  const std::string_view text = id.substr(0, dot), sign = id.substr(std::min(dot + 1, id.size()));
  const ApiKey* key =
      keys.find_if([&](const ApiKey& one) { return equal_secrets(sign_of_id(one, text), sign); });
  TokenId read{.key = key};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), read.expires_at_s, 16);
  if (!key || error != std::errc()) return fail(ErrorCode::not_found, "there is no such token");
  return read;
}

std::string make_token(const ApiKey& key, const Grant& grant) {
  json::object claims{
      {"jti", grant.id}, {"exp", grant.expires_at_s}, {"scope", name_of(grant.scope)}};
  for (const auto& [name, list] :
       {std::pair("avatars", &grant.avatars), std::pair("sessions", &grant.sessions),
        std::pair("paths", &grant.paths)}) {
    if (!list->empty()) claims[name] = list_of(*list);
  }
  if (!grant.origin.empty()) claims["origin"] = grant.origin;
  const std::string text = header_of(key) + "." + to_base64url(json::serialize(claims));
  return text + "." + signature_of(key, text);
}

Result<ReadToken> read_token(const ApiKeys& keys, std::string_view token, std::int64_t now_s) {
  const auto not_ours = [] {
    return fail(ErrorCode::invalid_argument,
                "this token was not made here, or its key is no more: ask for a new one");
  };
  const std::size_t dot = token.rfind('.');
  if (dot == token.npos) return not_ours();
  const std::string_view text = token.substr(0, dot);
  const std::size_t first_dot = text.find('.');
  if (first_dot == text.npos) return not_ours();
  const ApiKey* key = key_of_header(keys, text.substr(0, first_dot));
  if (!key || !equal_secrets(signature_of(*key, text), token.substr(dot + 1))) return not_ours();
  const auto claims = from_base64url(text.substr(first_dot + 1));
  if (!claims) return not_ours();
  const json::value said = json::parse(*claims);
  // Earlier versions made tokens that nobody could take back.
  if (!said.as_object().contains("jti")) return not_ours();
  Grant grant = grant_of(said.as_object());
  if (grant.expires_at_s <= now_s) {
    return fail(ErrorCode::invalid_argument, "this token has expired: ask for a new one");
  }
  grant.scope = std::min(grant.scope, key->scope);
  return ReadToken{key, std::move(grant)};
}

bool is_token(std::string_view text) {
  return text.starts_with("eyJ") && std::ranges::count(text, '.') == 2;
}

}  // namespace vivavox
