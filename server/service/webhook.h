// Calls of other people's servers: to addresses that are theirs to be called at, signed
// as Standard Webhooks (standardwebhooks.com) has it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"

struct sockaddr;

namespace vivavox {

/// The parts of "https://host:port/path?query".
struct WebhookUrl {
  bool is_https = true;
  std::string host;  ///< lower case; an IPv6 address without its brackets
  int port = 443;
  std::string target;  ///< "/path?query"
  std::string origin;  ///< "https://host:port", without a port that is the scheme's own
};

/// Errors: invalid_argument (not such a URL, or one with a user, a fragment or
/// characters that belong escaped).
Result<WebhookUrl> read_webhook_url(std::string_view url);

/// Whether an address is anybody's on the Internet: not this machine's, its network's,
/// nor one that leads there.
bool is_public_address(const sockaddr& address);

/// A signature of "ID.TIMESTAMP.BODY": "v1,BASE64".
std::string webhook_signature(std::string_view secret, std::string_view id, std::int64_t time_s,
                              std::string_view body);

class Webhooks {
 public:
  /// `secret`: "whsec_BASE64" of 24 to 64 bytes; empty: nobody can be called.
  /// `allowed`: origins that may be called although they are private or without TLS.
  /// Errors: invalid_argument.
  static Result<Webhooks> create(std::string_view secret, std::string_view allowed);

  /// Whether a client may have this URL called. Errors: invalid_argument.
  Result<void> admit(std::string_view url) const;

  /// Posts a JSON body under an id, which is the same however often it is sent. Returns
  /// once it was taken with 2xx; redirects are not followed. Takes some seconds at most.
  /// Errors: unavailable; invalid_argument (it may not be called).
  Result<void> call(std::string_view url, const std::string& id, const std::string& body,
                    std::int64_t time_s) const;

 private:
  Webhooks() = default;
  Result<std::vector<std::string>> addresses_of(const WebhookUrl& url) const;
  Result<WebhookUrl> check(std::string_view url) const;

  std::string secret_;
  std::vector<std::string> allowed_;
};

}  // namespace vivavox
