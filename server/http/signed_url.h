// Signed URLs: one file for a while, for what cannot send a header (<img>, <video>).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "server/http/access.h"

namespace vivavox {

/// `path` as it is requested, without a query; for GET (and HEAD) alone.
std::string signed_url(const ApiKey& key, std::string_view path, std::int64_t expires_at_s);

/// Whether a query claims to be a signed URL's.
bool is_signed(const std::multimap<std::string, std::string>& query);

struct ReadUrl {
  const ApiKey* key = nullptr;
  std::int64_t expires_at_s = 0;
};

/// Errors: invalid_argument (signed for something else, or not here; expired).
Result<ReadUrl> read_signed_url(const ApiKeys& keys, std::string_view path,
                                const std::multimap<std::string, std::string>& query,
                                std::int64_t now_s);

}  // namespace vivavox
