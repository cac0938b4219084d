#include "server/store/store.h"

#include <chrono>
#include <format>

#include "server/assets/sha256.h"
#include "server/store/store_queries.h"

namespace vivavox {

namespace {

/// By so much the clocks of processes may differ that ask whether a token has expired.
constexpr std::int64_t clock_tolerance_s = 3600;

}  // namespace

Store::Store(std::unique_ptr<Database> database, const Quotas& quotas)
    : database_(std::move(database)), quotas_(quotas), cache_(database_->is_exclusive()) {}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<Counts> Store::counts(const Viewer& viewer) {
  const auto all = usage({});
  if (!all) return std::unexpected(all.error());
  Counts sum;
  for (const Usage& one : *all) {
    if (!viewer.may_see(one.owner)) continue;
    sum.avatars += one.counts.avatars;
    sum.sessions += one.counts.sessions;
    sum.presets += one.counts.presets;
    sum.renders += one.counts.renders;
    sum.audios += one.counts.audios;
    sum.assets += one.counts.assets;
  }
  return sum;
}

Result<std::vector<Usage>> Store::usage(std::optional<std::string> owner) {
  std::map<std::string, Usage> by_owner;
  if (owner) by_owner[*owner].owner = *owner;
  const auto add = [&](std::string_view table, std::string_view columns, std::string_view condition,
                       const auto& take) -> Result<void> {
    Where where;
    if (owner) where.add("owner = ?", {*owner});
    if (!condition.empty()) where.add(condition, {});
    auto rows = database_->read(std::format("SELECT owner, COUNT(*){} FROM {}{} GROUP BY owner",
                                            columns, table, where.text()),
                                where.values());
    if (!rows) return std::unexpected(rows.error());
    for (const SqlRow& row : *rows) {
      Usage& usage = by_owner[as_text(row[0])];
      usage.owner = as_text(row[0]);
      take(usage, row);
    }
    return {};
  };
  constexpr std::string_view bytes = ", CAST(SUM(file_size) AS BIGINT)";
  Result<void> read;
  const auto count = [&](std::string_view table, std::int64_t Counts::* into,
                         std::string_view condition = {}) {
    if (!read) return;
    read = add(table, "", condition,
               [&](Usage& usage, const SqlRow& row) { usage.counts.*into = as_int(row[1]); });
  };
  const auto measure = [&](std::string_view table, std::int64_t Counts::* into,
                           std::int64_t StoredBytes::* bytes_into) {
    if (!read) return;
    read = add(table, bytes, "", [&](Usage& usage, const SqlRow& row) {
      usage.counts.*into = as_int(row[1]);
      usage.bytes.*bytes_into = as_int(row[2]);
    });
  };
  count("avatars", &Counts::avatars);
  count("sessions", &Counts::sessions, "deleted_at IS NULL");
  count("presets", &Counts::presets);
  measure("renders", &Counts::renders, &StoredBytes::renders);
  measure("audios", &Counts::audios, &StoredBytes::audios);
  measure("assets", &Counts::assets, &StoredBytes::assets);
  if (!read) return std::unexpected(read.error());
  std::vector<Usage> all;
  for (auto& [name, usage] : by_owner) all.push_back(std::move(usage));
  return all;
}

Result<StoredBytes> Store::stored_bytes() {
  auto rows = database_->read(
      "SELECT (SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT) FROM renders), "
      "(SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT) FROM audios), "
      "(SELECT CAST(COALESCE(SUM(file_size), 0) AS BIGINT) FROM assets), "
      "(SELECT COUNT(*) FROM renders)");
  if (!rows) return std::unexpected(rows.error());
  const SqlRow& row = rows->front();
  return StoredBytes{as_int(row[0]), as_int(row[1]), as_int(row[2]), as_int(row[3])};
}

Result<ForgottenFiles> Store::clean_up(std::int64_t before_ms) {
  ForgottenFiles files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    const std::int64_t now = now_ms();
    auto forgotten = transaction.run("DELETE FROM revoked_tokens WHERE expires_at < $1",
                                     {now / 1000 - clock_tolerance_s});
    if (!forgotten) return std::unexpected(forgotten.error());
    if (auto fewer = forget_requests(transaction); !fewer) return fewer;
    auto ended = transaction.run(
        "UPDATE sessions SET deleted_at = $1 WHERE expires_at < $2 AND deleted_at IS NULL",
        {now, now});
    if (!ended || before_ms == 0) return done(std::move(ended));
    auto renders = delete_with_files(transaction, "renders", "created_at < $1", before_ms);
    if (!renders) return std::unexpected(renders.error());
    auto audios = delete_with_files(transaction, "audios", "created_at < $1", before_ms);
    if (!audios) return std::unexpected(audios.error());
    if (auto noted = note_gone(transaction, *renders); !noted) return noted;
    files = {.renders = *std::move(renders), .audios = *std::move(audios), .assets = {}};
    auto sessions = transaction.run("DELETE FROM sessions WHERE deleted_at < $1", {before_ms});
    if (!sessions) return std::unexpected(sessions.error());
    return done(transaction.run("DELETE FROM reservations WHERE created_at < $1", {before_ms}));
  });
  if (!written) return std::unexpected(written.error());
  return files;
}

Result<ForgottenFiles> Store::known_files() {
  auto renders = database_->read("SELECT file_path FROM renders");
  if (!renders) return std::unexpected(renders.error());
  auto audios = database_->read("SELECT file_path FROM audios");
  if (!audios) return std::unexpected(audios.error());
  auto assets = database_->read("SELECT file_path FROM assets");
  if (!assets) return std::unexpected(assets.error());
  return ForgottenFiles{first_column(*renders), first_column(*audios), first_column(*assets)};
}

Result<std::string> Store::database_id() {
  std::string id;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto made = transaction.run("INSERT INTO instance VALUES (1, $1) ON CONFLICT DO NOTHING",
                                {random_hex(16)});
    if (!made) return std::unexpected(made.error());
    auto rows = transaction.run("SELECT database_id FROM instance");
    if (!rows) return std::unexpected(rows.error());
    id = as_text(rows->front()[0]);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return id;
}

Result<std::vector<std::string>> Store::claimed_folders() {
  auto rows = database_->read("SELECT kind FROM claimed_folders");
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

Result<void> Store::note_claimed_folder(const std::string& kind) {
  return database_->write([&](Transaction& transaction) {
    return done(transaction.run(
        "INSERT INTO claimed_folders VALUES ($1, $2) ON CONFLICT DO NOTHING", {kind, now_ms()}));
  });
}

}  // namespace vivavox
