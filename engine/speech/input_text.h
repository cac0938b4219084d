// What may be spoken.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.h"

namespace vivavox {

/// The longest text of one request; at least 100,000 characters of any script.
constexpr std::size_t max_text_bytes = 400'000;

/// Checks a text. Errors: invalid_text if it is empty or blank, longer than
/// max_text_bytes, or not UTF-8 (naming the byte).
Result<void> check_text(std::string_view text);

/// The text as the synthesiser reads it, byte for byte as long: control
/// characters, which would be commands to it, are spaces.
std::string without_controls(std::string_view text);

}  // namespace vivavox
