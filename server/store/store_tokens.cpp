// Tokens that were taken back.
#include "server/json_text.h"
#include "server/store/store_queries.h"

namespace vivavox {

Result<void> Store::revoke_token(const std::string& token_id, std::int64_t expires_at_s) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    auto kept = transaction.run("INSERT INTO revoked_tokens VALUES ($1, $2) ON CONFLICT DO NOTHING",
                                {token_id, expires_at_s});
    if (!kept) return std::unexpected(kept.error());
    return transaction.notify(json_text(boost::json::object{{"revoked", token_id}}));
  });
}

Result<bool> Store::is_revoked(const std::string& token_id) {
  auto rows = database_->read("SELECT 1 FROM revoked_tokens WHERE token_id = $1", {token_id});
  if (!rows) return std::unexpected(rows.error());
  return !rows->empty();
}

}  // namespace vivavox
