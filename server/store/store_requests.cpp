// Requests that may be sent again.
#include "server/assets/sha256.h"
#include "server/store/store_queries.h"

namespace vivavox {

namespace {

/// So long it is known what was answered, and so much of it, the newest first.
constexpr std::int64_t kept_request_ms = std::int64_t{24} * 3600 * 1000;
constexpr std::int64_t most_reply_bytes = std::int64_t{64} << 20;

}  // namespace

Result<KeptRequest> Store::begin_request(const std::string& owner, const std::string& key,
                                         const std::string& digest) {
  KeptRequest kept;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto begun = transaction.run(
        "INSERT INTO requests VALUES ($1, $2, $3, $4, '', '', 0, $5) ON CONFLICT DO NOTHING",
        {owner, key, digest, random_hex(16), now_ms()});
    if (!begun) return std::unexpected(begun.error());
    auto rows = transaction.run(
        "SELECT digest, seed, body_digest, reply FROM requests WHERE owner = $1 AND "
        "idempotency_key = $2",
        {owner, key});
    if (!rows) return std::unexpected(rows.error());
    const SqlRow& row = rows->front();
    kept = {as_text(row[0]), as_text(row[1]), as_text(row[2]), as_text(row[3])};
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return kept;
}

Result<void> Store::keep_reply(const std::string& owner, const std::string& key,
                               const std::string& body_digest, const std::string& reply) {
  return database_->write([&](Transaction& transaction) {
    return done(transaction.run(
        "UPDATE requests SET body_digest = $1, reply = $2, bytes = $3 WHERE owner = $4 AND "
        "idempotency_key = $5",
        {body_digest, reply, static_cast<std::int64_t>(reply.size()), owner, key}));
  });
}

Result<void> forget_requests(Transaction& transaction) {
  auto old =
      transaction.run("DELETE FROM requests WHERE created_at < $1", {now_ms() - kept_request_ms});
  if (!old) return std::unexpected(old.error());
  return done(transaction.run(
      "DELETE FROM requests WHERE created_at <= (SELECT MAX(created_at) FROM (SELECT created_at, "
      "SUM(bytes) OVER (ORDER BY created_at DESC) AS kept FROM requests) AS newest WHERE kept > "
      "$1)",
      {most_reply_bytes}));
}

}  // namespace vivavox
