// Bytes as text: base64 and base64url (RFC 4648), each in its one spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vivavox {

/// With padding, in the alphabet of §4.
std::string to_base64(std::string_view bytes);

/// nullopt: not what to_base64() makes of any bytes.
std::optional<std::string> from_base64(std::string_view text);

/// Without padding, in the alphabet of §5, as URLs carry it.
std::string to_base64url(std::string_view bytes);

/// nullopt: not what to_base64url() makes of any bytes.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace vivavox
