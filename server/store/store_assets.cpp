// Assets, their versions and ids that are reserved.
#include "server/json_text.h"
#include "server/store/store_queries.h"

namespace vivavox {

namespace {

constexpr std::string_view asset_columns =
    "asset_id, name, asset_type, label, file_path, file_size, checksum, mime_type, metadata, "
    "version, created_at, owner";
Asset read_asset(const SqlRow& row) {
  return {as_text(row[0]),   as_text(row[1]),     as_text(row[2]), as_text(row[3]),
          as_text(row[4]),   as_int(row[5]),      as_text(row[6]), as_text(row[7]),
          object_of(row[8]), int(as_int(row[9])), as_int(row[10]), as_text(row[11])};
}

}  // namespace

Result<Asset> Store::add_asset(Asset asset, const Viewer& viewer) {
  asset.owner = viewer.owner_of_named();
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock("asset/" + asset.name); !locked) return locked;
    auto earlier = all_of<Asset>(
        transaction.run(select(asset_columns, "assets WHERE asset_id = $1"), {asset.asset_id}),
        read_asset);
    if (!earlier) return std::unexpected(earlier.error());
    if (!earlier->empty()) {
      if (earlier->front().sha256 != asset.sha256) {
        return fail(ErrorCode::conflict, "this id has another content already");
      }
      asset = std::move(earlier->front());
      return {};
    }
    auto newest = transaction.run("SELECT MAX(version) FROM assets WHERE name = $1 AND owner = $2",
                                  {asset.name, asset.owner});
    if (!newest) return std::unexpected(newest.error());
    asset.version = static_cast<int>(as_int((*newest)[0][0])) + 1;
    auto used = transaction.run("DELETE FROM reservations WHERE asset_id = $1", {asset.asset_id});
    if (!used) return std::unexpected(used.error());
    auto added = transaction.run(
        std::format(
            "INSERT INTO assets ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            asset_columns),
        {asset.asset_id, asset.name, asset.type, asset.label, asset.file_path, asset.file_size,
         asset.sha256, asset.mime_type, json_text(asset.metadata), std::int64_t{asset.version},
         asset.created_at, asset.owner});
    if (!added) return std::unexpected(added.error());
    return check_quotas(transaction, quotas_, asset.owner);
  });
  if (!written) return std::unexpected(written.error());
  return asset;
}

Result<Asset> Store::asset(const std::string& asset_id, const Viewer& viewer) {
  return shown_to(viewer,
                  one_of<Asset>(database_->read(select(asset_columns, "assets WHERE asset_id = $1"),
                                                {asset_id}),
                                read_asset, "asset"),
                  "asset");
}

Result<Asset> Store::asset_of_name(const std::string& name, std::optional<int> version,
                                   const Viewer& viewer) {
  Where where = seen_by(viewer);
  where.add("name = ?", {name});
  if (version) where.add("version = ?", {std::int64_t{*version}});
  const std::string conditions = where.text();
  const std::string own = where.place(std::string(viewer.owner_of_named()));
  return one_of<Asset>(
      database_->read(
          select(asset_columns,
                 std::format("assets{} ORDER BY CASE WHEN owner = {} THEN 0 ELSE 1 END, version "
                             "DESC, asset_id LIMIT 1",
                             conditions, own)),
          where.values()),
      read_asset, "asset");
}

Result<Asset> Store::asset_of_file(const std::string& file_path, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Asset>(
          database_->read(select(asset_columns, "assets WHERE file_path = $1"), {file_path}),
          read_asset, "asset"),
      "asset");
}

Result<Listed<Asset>> Store::assets(const Page& page, const std::string& words,
                                    const std::string& name, const Viewer& viewer) {
  Where where = seen_by(viewer);
  if (!name.empty()) {
    where.add("name = ?", {name});
    return read_page<Asset>(
        *database_,
        {.columns = asset_columns, .table = "assets", .by = "version", .id = "asset_id"},
        std::move(where), page, read_asset,
        [](const Asset& one) { return ListPlace{one.version, one.asset_id}; });
  }
  std::string pattern = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  pattern += '%';
  where.add("LOWER(name || ' ' || label || ' ' || asset_type) LIKE LOWER(?) ESCAPE '!'", {pattern});
  where.add(
      "version = (SELECT MAX(version) FROM assets AS other WHERE other.name = assets.name "
      "AND other.owner = assets.owner)",
      {});
  return read_page<Asset>(*database_, newest_first("assets", "asset_id", asset_columns),
                          std::move(where), page, read_asset,
                          [](const Asset& one) { return ListPlace{one.created_at, one.asset_id}; });
}

Result<std::optional<ForgottenFiles>> Store::delete_asset(const std::string& asset_id,
                                                          const Viewer& viewer) {
  std::optional<ForgottenFiles> files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto known = transaction.run("SELECT owner FROM assets WHERE asset_id = $1", {asset_id});
    if (!known) return std::unexpected(known.error());
    if (!known->empty()) {
      const std::string& owner = as_text(known->front()[0]);
      if (!viewer.may_see(owner)) return fail(ErrorCode::not_found, "there is no such asset");
      if (auto may = check_may_delete(viewer, owner, "asset"); !may) return may;
    }
    auto gone = delete_with_files(transaction, "assets", "asset_id = $1", asset_id);
    if (!gone) return std::unexpected(gone.error());
    files.reset();
    if (gone->empty()) return {};
    auto others =
        transaction.run("SELECT 1 FROM assets WHERE file_path = $1 LIMIT 1", {gone->front()});
    if (!others) return std::unexpected(others.error());
    files.emplace();
    if (others->empty()) files->assets = *std::move(gone);
    return {};
  });
  if (!written) return std::unexpected(written.error());
  return files;
}

Result<std::string> Store::file_of_content(const std::string& sha256) {
  return one_of<std::string>(
      database_->read("SELECT file_path FROM assets WHERE checksum = $1 LIMIT 1", {sha256}),
      [](const SqlRow& row) { return as_text(row[0]); }, "content");
}

Result<void> Store::reserve_asset(const std::string& asset_id, const std::string& name,
                                  const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    auto reserved = transaction.run(
        "INSERT INTO reservations (asset_id, name, created_at, owner) VALUES ($1, $2, $3, $4) ON "
        "CONFLICT DO NOTHING",
        {asset_id, name, now_ms(), viewer.owner});
    if (!reserved) return std::unexpected(reserved.error());
    return check_quotas(transaction, quotas_, viewer.owner);
  });
}

Result<std::string> Store::reservation(const std::string& asset_id, const Viewer& viewer) {
  Where where = seen_by(viewer);
  where.add("asset_id = ?", {asset_id});
  return one_of<std::string>(
      database_->read("SELECT name FROM reservations" + where.text(), where.values()),
      [](const SqlRow& row) { return as_text(row[0]); }, "reserved asset");
}

Result<std::vector<std::string>> Store::reserved_ids() {
  auto rows = database_->read("SELECT asset_id FROM reservations");
  if (!rows) return std::unexpected(rows.error());
  return first_column(*rows);
}

}  // namespace vivavox
