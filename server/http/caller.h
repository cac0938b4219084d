// Who calls, and what that one may do.
#pragma once

#include <optional>

#include "server/http/token.h"
#include "server/store/viewer.h"

namespace vivavox {

struct Caller {
  Scope scope = Scope::none;
  Viewer viewer;
  const ApiKey* key = nullptr;  ///< nullptr: the service has no keys, or none was given
  std::optional<Grant> grant;   ///< of a token
  /// Until when what was shown is good, in seconds since 1970; nullopt: a key.
  std::optional<std::int64_t> expires_at_s;
};

}  // namespace vivavox
