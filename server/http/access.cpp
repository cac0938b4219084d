#include "server/http/access.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "server/assets/sha256.h"

namespace vivavox {

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view part = list.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.push_back(part);
    if (comma == list.npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

Result<ApiKeys> ApiKeys::parse(std::string_view list) {
  ApiKeys keys;
  for (const std::string_view entry : split_list(list)) {
    const std::size_t colon = entry.rfind(':');
    const std::string_view key = entry.substr(0, colon);
    const std::string_view scope = colon == entry.npos ? "write" : entry.substr(colon + 1);
    if (key.size() < 16) {
      return fail(
          ErrorCode::invalid_argument,
          "API_KEYS has a key of fewer than 16 characters: make one with openssl rand -hex 24");
    }
    if (scope != "read" && scope != "write" && scope != "admin") {
      return fail(ErrorCode::invalid_argument,
                  "API_KEYS has an unknown scope: it is KEY:read, KEY:write or KEY:admin");
    }
    keys.keys_.push_back({sha256_hex(key), scope == "read"    ? Scope::read
                                           : scope == "write" ? Scope::write
                                                              : Scope::admin});
  }
  return keys;
}

Scope ApiKeys::scope_of(std::string_view key) const {
  const std::string digest = sha256_hex(key);
  Scope scope = Scope::none;
  for (const Key& known : keys_) {
    if (CRYPTO_memcmp(digest.data(), known.digest.data(), digest.size()) == 0) scope = known.scope;
  }
  return scope;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<void> check_exposure(std::string_view host, const ApiKeys& keys) {
  if (is_loopback(host) || !keys.empty()) return {};
  return fail(ErrorCode::invalid_argument,
              "listening on " + std::string(host) +
                  " would let everybody in: set API_KEYS, or listen on 127.0.0.1");
}

Origins::Origins(std::string_view list) {
  for (const std::string_view origin : split_list(list)) {
    if (origin == "*") any_ = true;
    origins_.emplace_back(origin);
  }
}

bool Origins::allows(std::string_view origin) const {
  return any_ || std::ranges::find(origins_, origin) != origins_.end();
}

bool Origins::is_same(std::string_view origin, std::string_view host) {
  const std::size_t scheme = origin.find("://");
  return scheme != origin.npos && !host.empty() && origin.substr(scheme + 3) == host;
}

}  // namespace vivavox
