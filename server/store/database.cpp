#include "server/store/database.h"

#include <array>

extern "C" {
extern const unsigned char migration_001_sql[];
extern const std::size_t migration_001_sql_size;
extern const unsigned char migration_002_sql[];
extern const std::size_t migration_002_sql_size;
extern const unsigned char migration_003_sql[];
extern const std::size_t migration_003_sql_size;
extern const unsigned char migration_004_sql[];
extern const std::size_t migration_004_sql_size;
extern const unsigned char migration_005_sql[];
extern const std::size_t migration_005_sql_size;
extern const unsigned char migration_006_sql[];
extern const std::size_t migration_006_sql_size;
extern const unsigned char migration_007_sql[];
extern const std::size_t migration_007_sql_size;
extern const unsigned char migration_008_sql[];
extern const std::size_t migration_008_sql_size;
}

namespace vivavox {

namespace {

/// Migration n (from 1) stands at n − 1. Once released, one is never changed.
std::array<std::string_view, 8> migrations() {
  return {{{reinterpret_cast<const char*>(migration_001_sql), migration_001_sql_size},
           {reinterpret_cast<const char*>(migration_002_sql), migration_002_sql_size},
           {reinterpret_cast<const char*>(migration_003_sql), migration_003_sql_size},
           {reinterpret_cast<const char*>(migration_004_sql), migration_004_sql_size},
           {reinterpret_cast<const char*>(migration_005_sql), migration_005_sql_size},
           {reinterpret_cast<const char*>(migration_006_sql), migration_006_sql_size},
           {reinterpret_cast<const char*>(migration_007_sql), migration_007_sql_size},
           {reinterpret_cast<const char*>(migration_008_sql), migration_008_sql_size}}};
}

Result<void> apply_statements(Transaction& transaction, std::string_view script) {
  // Statements end with a semicolon at the end of a line.
  while (true) {
    const std::size_t end = script.find(";\n");
    if (end == script.npos) return {};
    if (auto done = transaction.run(script.substr(0, end)); !done) {
      return std::unexpected(done.error());
    }
    script.remove_prefix(end + 2);
  }
}

Result<void> apply_missing(Transaction& transaction) {
  auto found = transaction.run("SELECT MAX(version) FROM schema_versions");
  if (!found) return std::unexpected(found.error());
  const std::int64_t version = as_int((*found)[0][0]);
  const auto known = migrations();
  if (version > static_cast<std::int64_t>(known.size())) {
    return fail(ErrorCode::io_failed,
                "the database was written by a newer version of Vivavox: update this one");
  }
  for (auto next = static_cast<std::size_t>(version); next < known.size(); ++next) {
    if (auto done = apply_statements(transaction, known[next]); !done) return done;
    auto noted = transaction.run("INSERT INTO schema_versions VALUES ($1)",
                                 {static_cast<std::int64_t>(next + 1)});
    if (!noted) return std::unexpected(noted.error());
  }
  return {};
}

}  // namespace

std::int64_t as_int(const SqlValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* real = std::get_if<double>(&value)) return static_cast<std::int64_t>(*real);
  return 0;
}

double as_double(const SqlValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return static_cast<double>(as_int(value));
}

const std::string& as_text(const SqlValue& value) {
  static const std::string none;
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : none;
}

Result<void> migrate(Database& database) {
  return database.write([&](Transaction& transaction) -> Result<void> {
    if (database.kind() == "postgresql") {
      // Servers that start together migrate one after another.
      if (auto locked = transaction.run("SELECT pg_advisory_xact_lock(8649)"); !locked) {
        return std::unexpected(locked.error());
      }
    }
    auto made =
        transaction.run("CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY)");
    if (!made) return std::unexpected(made.error());
    return apply_missing(transaction);
  });
}

Result<std::unique_ptr<Database>> open_database(std::string_view url) {
  constexpr std::string_view sqlite = "sqlite:///";
  auto opened = [&]() -> Result<std::unique_ptr<Database>> {
    if (url.starts_with(sqlite) && url.size() > sqlite.size()) {
      return open_sqlite(std::string(url.substr(sqlite.size())));
    }
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
      return open_postgres(std::string(url));
    }
    return fail(ErrorCode::invalid_argument,
                "DATABASE_URL is neither sqlite:///FILE nor postgresql://USER@HOST/NAME");
  }();
  if (!opened) return opened;
  if (auto migrated = migrate(**opened); !migrated) return std::unexpected(migrated.error());
  return opened;
}

}  // namespace vivavox
