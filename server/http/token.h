// Tokens: short-lived, scoped stand-ins for API keys, for pages that others read.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "server/http/access.h"

namespace vivavox {

inline constexpr std::int64_t longest_token_life_s = 3600;
/// A token has its place in a URL beside a path.
inline constexpr std::size_t longest_token = 1500;

/// What a token is good for.
struct Grant {
  Scope scope = Scope::none;
  std::int64_t expires_at_s = 0;  ///< since 1970 (UTC)
  /// Where one of these names something, the token is good for what they name alone.
  std::vector<std::string> avatars, sessions, paths;
  std::string origin;  ///< of the pages that may send it; empty: of any
  std::string id;      ///< what it is taken back by

  bool is_narrow() const { return !avatars.empty() || !sessions.empty() || !paths.empty(); }

  /// Whether `path`, decoded or not, is one of `paths` or below one that ends with "/".
  bool covers_path(std::string_view path) const;

  /// Whether a request for `path` that names these avatars and sessions is covered.
  bool covers(std::string_view path, std::span<const std::string> named_avatars,
              std::span<const std::string> named_sessions) const;
};

/// What a token of this key is taken back by: nobody else can give one.
std::string make_token_id(const ApiKey& key, std::int64_t expires_at_s);

struct TokenId {
  const ApiKey* key = nullptr;
  std::int64_t expires_at_s = 0;
};

/// Whose an id is, and until when its token is good. Errors: not_found (none that was
/// made with one of the keys).
Result<TokenId> read_token_id(const ApiKeys& keys, std::string_view id);

/// A JSON Web Token (RFC 7519) by HS256, which only holders of the key can make.
std::string make_token(const ApiKey& key, const Grant& grant);

struct ReadToken {
  const ApiKey* key = nullptr;
  Grant grant;
};

/// What a token that was made with one of the keys grants. Its scope is never more than
/// the key's is now. Errors: invalid_argument (not ours, or expired).
Result<ReadToken> read_token(const ApiKeys& keys, std::string_view token, std::int64_t now_s);

/// Whether this looks like a token rather than like a key.
bool is_token(std::string_view text);

}  // namespace vivavox
