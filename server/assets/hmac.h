// HMAC-SHA-256 (RFC 2104): what tokens, signed URLs and webhooks are signed with.
#pragma once

#include <string>
#include <string_view>

namespace vivavox {

/// The 32 bytes that only a holder of `key` can give for `message`.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Whether two secrets are equal, in a time that depends on their lengths alone.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace vivavox
