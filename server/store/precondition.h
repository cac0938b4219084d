// Entity tags of what is stored, and If-Match (RFC 9110 §13.1.1).
#pragma once

#include <string>
#include <string_view>

#include "engine/error.h"
#include "server/store/records.h"

namespace vivavox {

/// With quotes, as the header has them. An avatar or session that was deleted and made
/// again has other ones.
std::string etag_of(const StoredAvatar& avatar);
std::string etag_of(const Session& session);
std::string etag_of(const Preset& preset);

/// `if_match`: the header's value, empty where there is none, which any tag fits.
/// Errors: precondition_failed.
Result<void> check_unchanged(std::string_view if_match, std::string_view etag);

/// What is not there fits no If-Match. Errors: precondition_failed.
Result<void> check_may_be_missing(std::string_view if_match);

}  // namespace vivavox
