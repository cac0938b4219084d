// HMAC-SHA-256 (RFC 2104) and base64 (RFC 4648): what tokens, signed URLs and webhooks are made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vivavox {

/// The 32 bytes that only a holder of `key` can give for `message`.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Whether two secrets are equal, in a time that depends on their lengths alone.
bool equal_secrets(std::string_view a, std::string_view b);

/// With padding, in the alphabet of §4.
std::string to_base64(std::string_view bytes);

/// Without padding, in the alphabet of §5, as URLs carry it.
std::string to_base64url(std::string_view bytes);

/// nullopt: not base64url without padding, or not its one spelling.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace vivavox
