// SQL as the service needs it, answered by SQLite and by PostgreSQL.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/error.h"

namespace vivavox {

using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;
using SqlRow = std::vector<SqlValue>;
using SqlRows = std::vector<SqlRow>;

/// One transaction on one connection. Statements are written in the SQL that
/// both systems share, with parameters $1, $2 … in the order of their first use.
class Transaction {
 public:
  virtual ~Transaction() = default;

  /// Errors: unavailable (connection lost, disk full), io_failed (a mistake in
  /// the statement, a constraint).
  virtual Result<SqlRows> run(std::string_view sql, std::span<const SqlValue> values) = 0;
  Result<SqlRows> run(std::string_view sql, std::initializer_list<SqlValue> values = {}) {
    return run(sql, std::span(values.begin(), values.size()));
  }

  /// The same statement for each row of `values`; rows to insert (VALUES with a
  /// placeholder for each column) go to the database together.
  virtual Result<void> run_batch(std::string_view sql, std::span<const SqlRow> values) = 0;

  /// What makes a SELECT lock its rows until the transaction ends: a single
  /// writer needs nothing.
  virtual std::string_view for_update() const = 0;

  /// Waits until no other transaction that locked this name goes on, so that what is
  /// read next stays as it is. A single writer needs nothing.
  virtual Result<void> lock(std::string_view name) = 0;

  /// Tells the listeners of every process on this database, this one's too, once this
  /// transaction is committed: all of them hear all messages in the order of commits.
  virtual Result<void> notify(std::string_view message) = 0;
};

/// Somebody's ear for notify(), which hears until this ends.
class Listening {
 public:
  virtual ~Listening() = default;
};

class Database {
 public:
  using Job = std::function<Result<void>(Transaction&)>;

  virtual ~Database() = default;

  /// Runs `job` in a transaction of its own and returns once that is durable.
  /// Where the job fails nothing of it remains. It may be run more than once
  /// (after a deadlock): it must have no other effects than on the transaction.
  virtual Result<void> write(const Job& job) = 0;

  /// Reads what is committed.
  virtual Result<SqlRows> read(std::string_view sql, std::span<const SqlValue> values) = 0;
  Result<SqlRows> read(std::string_view sql, std::initializer_list<SqlValue> values = {}) {
    return read(sql, std::span(values.begin(), values.size()));
  }

  /// Whether no other process writes to this database: then what was read may
  /// be kept, and files without a row are nobody's.
  virtual bool is_exclusive() const = 0;

  /// Calls `receive` with each message of notify(), and with "" when messages may have
  /// been missed. It is called by another thread, and should be quick. One at a time;
  /// the database outlives it.
  virtual std::unique_ptr<Listening> listen(std::function<void(std::string_view)> receive) = 0;

  /// Milliseconds since 1970 (UTC) by the one clock of all processes.
  virtual Result<std::int64_t> clock_ms() = 0;

  /// Calls `tell` with what the database said when it failed, which is not for clients:
  /// it names hosts and users. Once, at start.
  virtual void report_to(std::function<void(std::string_view)> tell) = 0;

  /// "sqlite" or "postgresql".
  virtual std::string_view kind() const = 0;

  /// Whether it would take a write now; asks at most once a second.
  virtual Result<void> check() = 0;
};

/// Opens the database that `url` names and brings its schema up to date:
/// "sqlite:///./avatar.db" (relative), "sqlite:////var/lib/x.db" (absolute) or
/// "postgresql://user:password@host/name". Errors: invalid_argument (another
/// URL), unavailable, io_failed (a newer schema than this program knows).
Result<std::unique_ptr<Database>> open_database(std::string_view url);

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path);
Result<std::unique_ptr<Database>> open_postgres(const std::string& url);

/// Applies the migrations that `database` has not seen.
Result<void> migrate(Database& database);

/// Values of a row.
std::int64_t as_int(const SqlValue& value);
double as_double(const SqlValue& value);
const std::string& as_text(const SqlValue& value);  ///< "" for NULL

}  // namespace vivavox
