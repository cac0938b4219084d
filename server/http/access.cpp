#include "server/http/access.h"

#include <arpa/inet.h>

#include <algorithm>

#include "server/assets/hmac.h"
#include "server/assets/sha256.h"
#include "server/lower_case.h"

namespace vivavox {

namespace {
constexpr std::size_t shortest_key = 16, longest_key_name = 64;
}

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

std::string ApiKey::token_secret() const {
  return hmac_sha256(digest, "vivavox token");
}

std::string ApiKey::url_secret() const {
  return hmac_sha256(digest, "vivavox signed URL");
}

namespace {

/// The name before a key, and what follows. A = may also be base64's padding, which
/// nothing as long as a key follows.
std::pair<std::string_view, std::string_view> split_name(std::string_view entry) {
  const std::size_t equals = entry.find('=');
  if (equals == entry.npos || equals == 0 || equals > longest_key_name ||
      entry.size() - equals <= shortest_key) {
    return {{}, entry};
  }
  const std::string_view name = entry.substr(0, equals);
  const bool is_plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  return is_plain ? std::pair(name, entry.substr(equals + 1))
                  : std::pair(std::string_view(), entry);
}

}  // namespace

Result<ApiKeys> ApiKeys::parse(std::string_view list) {
  ApiKeys keys;
  for (const std::string_view entry : split_list(list)) {
    const auto [name, rest] = split_name(entry);
    const std::size_t colon = rest.rfind(':');
    const std::string_view key = rest.substr(0, colon);
    const std::string_view scope = colon == rest.npos ? "write" : rest.substr(colon + 1);
    if (key.size() < shortest_key) {
      return fail(
          ErrorCode::invalid_argument,
          "API_KEYS has a key of fewer than 16 characters: make one with openssl rand -hex 24");
    }
    const auto known = scope_named(scope);
    if (!known || *known == Scope::none) {
      return fail(ErrorCode::invalid_argument,
                  "API_KEYS has an unknown scope: it is KEY:read, KEY:write or KEY:admin");
    }
    const std::string digest = sha256_hex(key);
    const std::string id = sha256_hex("vivavox key id " + digest).substr(0, 16);
    keys.keys_.push_back({name.empty() ? "key-" + id : std::string(name), id, digest, *known});
  }
  return keys;
}

const ApiKey* ApiKeys::find(std::string_view key) const {
  const std::string digest = sha256_hex(key);
  const ApiKey* found = nullptr;
  for (const ApiKey& known : keys_) {
    if (equal_secrets(digest, known.digest)) found = &known;
  }
  return found;
}

const ApiKey* ApiKeys::with_id(std::string_view id) const {
  const auto found = std::ranges::find(keys_, id, &ApiKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Result<void> check_exposure(std::string_view host, bool has_proxies, const ApiKeys& keys) {
  if (!keys.empty()) return {};
  if (!is_loopback(host)) {
    return fail(ErrorCode::invalid_argument,
                "listening on " + std::string(host) +
                    " would let everybody in: set API_KEYS, or listen on 127.0.0.1");
  }
  if (has_proxies) {
    return fail(ErrorCode::invalid_argument,
                "TRUSTED_PROXIES bring strangers, and would let everybody in: set API_KEYS");
  }
  return {};
}

namespace {

/// An address in its one spelling, without brackets and port; empty: it is none.
std::string plain_address(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  const std::string given(text);
  char spelt[INET6_ADDRSTRLEN];
  in_addr v4{};
  in6_addr v6{};
  if (::inet_pton(AF_INET, given.c_str(), &v4) == 1) {
    return ::inet_ntop(AF_INET, &v4, spelt, sizeof spelt);
  }
  if (::inet_pton(AF_INET6, given.c_str(), &v6) != 1) return "";
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return ::inet_ntop(AF_INET, &v6.s6_addr[12], spelt, sizeof spelt);
  return ::inet_ntop(AF_INET6, &v6, spelt, sizeof spelt);
}

/// The name in a Host header, in lower case and without the port.
std::string name_of_host(std::string_view host) {
  std::string_view name = host;
  if (host.starts_with('[')) {
    name = host.substr(0, host.find(']') + 1);
  } else {
    name = host.substr(0, host.find(':'));
  }
  std::string lower = lower_case(name);
  if (lower.ends_with('.')) lower.pop_back();
  return lower;
}

}  // namespace

std::string client_address(std::string_view peer, std::string_view forwarded_for,
                           const std::vector<std::string>& trusted_proxies) {
  const auto is_trusted = [&](const std::string& address) {
    return std::ranges::any_of(
        trusted_proxies, [&](const std::string& proxy) { return plain_address(proxy) == address; });
  };
  std::string client = plain_address(peer);
  if (client.empty()) return std::string(peer);
  while (!forwarded_for.empty() && is_trusted(client)) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::string hop =
        plain_address(forwarded_for.substr(comma == forwarded_for.npos ? 0 : comma + 1));
    if (hop.empty()) break;
    client = hop;
    forwarded_for = forwarded_for.substr(0, comma == forwarded_for.npos ? 0 : comma);
  }
  return client;
}

Hosts::Hosts(std::string_view own, std::string_view allowed, bool any) : any_(any) {
  for (const std::string_view host : split_list(allowed)) hosts_.push_back(name_of_host(host));
  if (!hosts_.empty()) any_ = false;
  hosts_.push_back(own.find(':') == own.npos ? std::string(own) : "[" + std::string(own) + "]");
}

bool Hosts::allow(std::string_view host) const {
  if (any_) return true;
  const std::string name = name_of_host(host);
  // An address in digits is nobody's to bend, and 127.… is this machine's alone.
  const bool is_local = name == "localhost" || name == "[::1]" ||
                        (name.starts_with("127.") && !plain_address(name).empty());
  return is_local || std::ranges::contains(hosts_, name);
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
