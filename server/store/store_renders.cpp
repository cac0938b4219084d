// Renders, and those that went.
#include "server/store/store_queries.h"

namespace vivavox {

namespace {

constexpr std::string_view render_columns =
    "frame_id, avatar_id, prompt, width, height, format, file_path, file_size, duration_ms, "
    "request_hash, created_at, owner";
Render read_render(const SqlRow& row) {
  return {as_text(row[0]),     as_text(row[1]), as_text(row[2]), int(as_int(row[3])),
          int(as_int(row[4])), as_text(row[5]), as_text(row[6]), as_int(row[7]),
          as_int(row[8]),      as_text(row[9]), as_int(row[10]), as_text(row[11])};
}

}  // namespace

Result<void> insert_renders(Transaction& transaction, std::span<const Render> renders,
                            const Viewer& viewer) {
  std::vector<SqlRow> rows;
  for (const Render& one : renders) {
    // The avatar was there when the render was asked for: quotas were looked at then.
    if (auto made = ensure_avatar(transaction, {}, one.avatar_id, viewer); !made) return made;
    rows.push_back({one.frame_id, one.avatar_id, one.prompt, std::int64_t{one.width},
                    std::int64_t{one.height}, one.format, one.file_path, one.file_size,
                    one.duration_ms, one.request_hash, one.created_at, viewer.owner,
                    one.created_at});
  }
  return transaction.run_batch(
      std::format("INSERT INTO renders ({}, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                  "$10, $11, $12, $13) ON CONFLICT DO NOTHING",
                  render_columns),
      rows);
}

Result<void> Store::add_renders(std::span<const Render> renders, const Viewer& viewer) {
  return database_->write(
      [&](Transaction& transaction) { return insert_renders(transaction, renders, viewer); });
}

Result<Render> Store::render(const std::string& frame_id, const Viewer& viewer) {
  return shown_to(
      viewer,
      one_of<Render>(
          database_->read(select(render_columns, "renders WHERE frame_id = $1"), {frame_id}),
          read_render, "render"),
      "render");
}

Result<Listed<Render>> Store::renders(const Page& page, const Viewer& viewer) {
  return read_page<Render>(
      *database_, newest_first("renders", "frame_id", render_columns), seen_by(viewer), page,
      read_render, [](const Render& one) { return ListPlace{one.created_at, one.frame_id}; });
}

Result<Render> Store::render_of_request(const std::string& request_hash) {
  return one_of<Render>(
      database_->read(select(render_columns,
                             "renders WHERE request_hash = $1 ORDER BY created_at DESC LIMIT 1"),
                      {request_hash}),
      read_render, "render");
}

Result<void> Store::note_renders_used(std::span<const std::string> files, std::int64_t used_at) {
  return database_->write([&](Transaction& transaction) {
    std::vector<SqlRow> rows;
    for (const std::string& file : files) rows.push_back({used_at, file});
    return transaction.run_batch("UPDATE renders SET used_at = $1 WHERE file_path = $2", rows);
  });
}

Result<ForgottenFiles> Store::trim_renders(std::int64_t most_bytes, std::int64_t most_files,
                                           std::int64_t since_ms) {
  ForgottenFiles files;
  auto written = database_->write([&](Transaction& transaction) -> Result<void> {
    auto rows = transaction.run(
        "DELETE FROM renders WHERE used_at < $1 OR frame_id IN (SELECT frame_id FROM (SELECT "
        "frame_id, SUM(file_size) OVER (ORDER BY used_at DESC, frame_id) AS total, ROW_NUMBER() "
        "OVER (ORDER BY used_at DESC, frame_id) AS place FROM renders) AS sums WHERE total > $2 OR "
        "place > $3) RETURNING file_path",
        {since_ms, most_bytes, most_files});
    if (!rows) return std::unexpected(rows.error());
    files.renders = first_column(*rows);
    return note_gone(transaction, files.renders);
  });
  if (!written) return std::unexpected(written.error());
  return files;
}

Result<bool> Store::is_gone_render(const std::string& file) {
  auto rows = database_->read("SELECT 1 FROM gone_renders WHERE file_path = $1", {file});
  if (!rows) return std::unexpected(rows.error());
  return !rows->empty();
}

}  // namespace vivavox
