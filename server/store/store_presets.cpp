// Presets and configuration.
#include "server/json_text.h"
#include "server/store/store_queries.h"

namespace vivavox {

namespace {

constexpr std::string_view preset_columns =
    "preset_id, name, description, category, preset_values, created_at, owner";
Preset read_preset(const SqlRow& row) {
  return {as_text(row[0]),   as_text(row[1]), as_text(row[2]), as_text(row[3]),
          object_of(row[4]), as_int(row[5]),  as_text(row[6])};
}

/// The preset as it stays until the transaction ends. Errors: not_found.
Result<Preset> locked_preset(Transaction& transaction, const std::string& preset_id) {
  return one_of<Preset>(transaction.run(select(preset_columns, "presets WHERE preset_id = $1") +
                                            std::string(transaction.for_update()),
                                        {preset_id}),
                        read_preset, "preset");
}

Result<void> insert_preset(Transaction& transaction, const Preset& preset) {
  return done(transaction.run(
      "INSERT INTO presets (preset_id, name, description, category, preset_values, created_at, "
      "owner) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (preset_id) DO UPDATE SET name = "
      "excluded.name, "
      "description = excluded.description, category = excluded.category, "
      "preset_values = excluded.preset_values",
      {preset.preset_id, preset.name, preset.description, preset.category, json_text(preset.values),
       now_ms(), preset.owner}));
}

}  // namespace

Result<Listed<Preset>> Store::presets(const Page& page, const Viewer& viewer) {
  return read_page<Preset>(*database_,
                           {.columns = preset_columns,
                            .table = "presets",
                            .by = "created_at",
                            .id = "preset_id",
                            .descends = false},
                           seen_by(viewer), page, read_preset, [](const Preset& one) {
                             return ListPlace{one.created_at, one.preset_id};
                           });
}

Result<Preset> Store::preset(const std::string& preset_id, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Preset>(
          database_->read(select(preset_columns, "presets WHERE preset_id = $1"), {preset_id}),
          read_preset, "preset"),
      "preset");
}

Result<void> Store::put_preset(const Preset& preset, const Viewer& viewer) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    if (auto locked = transaction.lock("preset/" + preset.preset_id); !locked) return locked;
    const auto known = locked_preset(transaction, preset.preset_id);
    if (!known && known.error().code != ErrorCode::not_found) {
      return std::unexpected(known.error());
    }
    if (known && !viewer.may_see(known->owner)) {
      return fail(ErrorCode::conflict, "a preset of this name is another key's: name it otherwise");
    }
    Preset kept = preset;
    kept.owner = known ? known->owner : std::string(viewer.owner_of_named());
    if (auto put = insert_preset(transaction, kept); !put || known) return put;
    return check_quotas(transaction, quotas_, kept.owner);
  });
}

Result<Preset> Store::change_preset(const std::string& preset_id, const Viewer& viewer,
                                    std::string_view if_match,
                                    const std::function<Result<void>(Preset&)>& change) {
  Preset preset;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto locked = shown_to(viewer, locked_preset(transaction, preset_id), "preset");
    if (!locked) return std::unexpected(locked.error());
    if (auto same = check_unchanged(if_match, etag_of(*locked)); !same) return same;
    preset = *std::move(locked);
    if (auto changed = change(preset); !changed) return changed;
    return insert_preset(transaction, preset);
  });
  if (!written) return std::unexpected(written.error());
  return preset;
}

Result<void> Store::delete_preset(const std::string& preset_id, const Viewer& viewer,
                                  std::string_view if_match) {
  return database_->write([&](Transaction& transaction) -> Result<void> {
    const auto is_there =
        is_deletable(locked_preset(transaction, preset_id), viewer, if_match, "preset");
    if (!is_there) return std::unexpected(is_there.error());
    if (!*is_there) return {};
    return done(transaction.run("DELETE FROM presets WHERE preset_id = $1", {preset_id}));
  });
}

Result<std::map<std::string, std::string>> Store::config() {
  auto rows = database_->read("SELECT key, value FROM config");
  if (!rows) return std::unexpected(rows.error());
  std::map<std::string, std::string> values;
  for (const SqlRow& row : *rows) values.emplace(as_text(row[0]), as_text(row[1]));
  return values;
}

Result<void> Store::set_config(const std::map<std::string, std::string>& values) {
  return database_->write([&](Transaction& transaction) {
    std::vector<SqlRow> rows;
    for (const auto& [key, value] : values) rows.push_back({key, value});
    return transaction.run_batch(
        "INSERT INTO config (key, value, description) VALUES ($1, $2, '') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        rows);
  });
}

}  // namespace vivavox
