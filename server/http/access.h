// Who may do what: API keys and the origins of web pages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "server/http/openapi.h"

namespace vivavox {

/// A key of the configuration, by what is derived of it: the key itself is not kept.
struct ApiKey {
  std::string name;    ///< whose what its bearers make is; keys of one name have it together
  std::string id;      ///< what tokens and signed URLs name it by; no secret
  std::string digest;  ///< SHA-256: equally long for all
  Scope scope = Scope::none;

  /// What only this key's tokens, or its signed URLs, are made with.
  std::string token_secret() const;
  std::string url_secret() const;
};

/// The API keys of the configuration. Without any, everybody may do everything:
/// that is for loopback only, see check_exposure().
class ApiKeys {
 public:
  /// "[NAME=]KEY[:read|:write|:admin],…"; a key without a scope may read and write, one
  /// without a name has one of its own. Errors: invalid_argument (an unknown scope, a
  /// key of fewer than 16 characters).
  static Result<ApiKeys> parse(std::string_view list);

  bool empty() const { return keys_.empty(); }

  /// The key, or nullptr. Takes the same time for any wrong one.
  const ApiKey* find(std::string_view key) const;
  const ApiKey* with_id(std::string_view id) const;

  /// A key that `is_it` holds for, or nullptr.
  template <class IsIt>
  const ApiKey* find_if(const IsIt& is_it) const {
    for (const ApiKey& known : keys_) {
      if (is_it(known)) return &known;
    }
    return nullptr;
  }

 private:
  std::vector<ApiKey> keys_;
};

/// Whether only programs of this machine reach a server on `host`.
bool is_loopback(std::string_view host);

/// Errors: invalid_argument, where a server without keys would be reachable
/// from other machines: by its address, or through a proxy.
Result<void> check_exposure(std::string_view host, bool has_proxies, const ApiKeys& keys);

/// Whose request it is: the peer's, or where that is one of the trusted proxies, the
/// last address in X-Forwarded-For that is none of them. What a client wrote there
/// itself stands before that, and counts for nothing.
std::string client_address(std::string_view peer, std::string_view forwarded_for,
                           const std::vector<std::string>& trusted_proxies);

/// The names that a server answers to: a page of another name whose address was
/// bent to this machine's (DNS rebinding) is not this server's page.
class Hosts {
 public:
  /// `own`: the address it listens on. `allowed`: "a.example,b.example"; `any`: where
  /// nothing else is said, all names are right, because keys keep strangers out.
  Hosts(std::string_view own, std::string_view allowed, bool any);

  /// Whether a Host header ("name:port", "[::1]") is right.
  bool allow(std::string_view host) const;

 private:
  bool any_;
  std::vector<std::string> hosts_;
};

/// The web pages whose scripts may call the service: `ALLOWED_ORIGINS`.
class Origins {
 public:
  /// "https://a.example,https://b.example" or "*".
  explicit Origins(std::string_view list);

  bool allows(std::string_view origin) const;
  bool allows_any() const { return any_; }

  /// Whether a page of `origin` was itself served under the Host header `host`.
  static bool is_same(std::string_view origin, std::string_view host);

 private:
  bool any_ = false;
  std::vector<std::string> origins_;
};

/// Parts of a comma-separated list, without spaces around them or empty ones.
std::vector<std::string_view> split_list(std::string_view list);

}  // namespace vivavox
