#include "server/http/signed_url.h"

#include <charconv>
#include <format>

#include "server/assets/base64.h"
#include "server/assets/hmac.h"

namespace vivavox {

namespace {

std::string signature_of(const ApiKey& key, std::string_view path, std::string_view expires) {
  return to_base64url(hmac_sha256(key.url_secret(), std::format("GET\n{}\n{}", path, expires)));
}

std::string_view value_of(const std::multimap<std::string, std::string>& query,
                          const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string signed_url(const ApiKey& key, std::string_view path, std::int64_t expires_at_s) {
  const std::string expires = std::to_string(expires_at_s);
  return std::format("{}?expires={}&key={}&signature={}", path, expires, key.id,
                     signature_of(key, path, expires));
}

bool is_signed(const std::multimap<std::string, std::string>& query) {
  return query.contains("signature");
}

Result<ReadUrl> read_signed_url(const ApiKeys& keys, std::string_view path,
                                const std::multimap<std::string, std::string>& query,
                                std::int64_t now_s) {
  const ApiKey* key = keys.with_id(value_of(query, "key"));
  const std::string_view expires = value_of(query, "expires");
  // The text itself is signed: no second spelling of a number passes.
  if (!key || !equal_secrets(signature_of(*key, path, expires), value_of(query, "signature"))) {
    return fail(ErrorCode::invalid_argument,
                "this URL was not signed for this file, or its key is no more");
  }
  std::int64_t expires_at_s = 0;
  std::from_chars(expires.data(), expires.data() + expires.size(), expires_at_s);
  if (expires_at_s <= now_s) {
    return fail(ErrorCode::invalid_argument, "this URL has expired: ask for a new one");
  }
  return ReadUrl{key, expires_at_s};
}

}  // namespace vivavox
