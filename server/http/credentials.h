// Who calls, by what a request shows, and whether that covers what is asked for.
#pragma once

#include <httplib.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/access.h"
#include "server/http/caller.h"
#include "server/http/openapi.h"
#include "server/http/reply.h"
#include "server/http/router.h"

namespace vivavox {

/// Whether a token was taken back. Errors: unavailable, io_failed.
using IsRevoked = std::function<Result<bool>(const std::string& token_id)>;

/// Whose request this is, by key, token or signed URL; without keys everybody's. Else what
/// to answer: 401, 403, or 503 where nobody can say whether a token is good.
std::expected<Caller, Reply> read_caller(const httplib::Request& request,
                                         const Operation& operation, const ApiKeys& keys,
                                         const IsRevoked& is_revoked);

/// What to answer where the caller's token does not cover what is asked for. What a form
/// names is not known yet: check_token_for() looks at that.
std::optional<Reply> check_grant(const Caller& caller, const Route& route,
                                 const CheckedInput& input, std::string_view path);

/// Seconds since 1970 (UTC).
std::int64_t now_s();

}  // namespace vivavox
