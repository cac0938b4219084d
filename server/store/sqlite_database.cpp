// SQLite: one file, one writer thread that commits many requests' writes at
// once, readers on connections of their own.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <tuple>
#include <unordered_map>

#include "server/store/database.h"

namespace vivavox {

namespace {

constexpr std::size_t most_writes_in_a_commit = 512;

Error error_of(sqlite3* connection) {
  const int code = sqlite3_errcode(connection) & 0xFF;
  const std::string message = sqlite3_errmsg(connection);
  switch (code) {
    case SQLITE_FULL:
      return {ErrorCode::unavailable, "the database's disk is full: make room and try again"};
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return {ErrorCode::unavailable, "the database cannot be used now: " + message};
    default:
      return {ErrorCode::io_failed, "the database refused: " + message};
  }
}

class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path, bool writes) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    std::unique_ptr<Connection> connection(new Connection(handle));
    if (code != SQLITE_OK) {
      return fail(ErrorCode::unavailable,
                  "cannot open the database " + path + ": " + sqlite3_errstr(code));
    }
    sqlite3_busy_timeout(handle, 5000);
    // FULL: a commit returns when the write-ahead log is on the disk.
    for (const char* pragma : {writes ? "PRAGMA journal_mode=WAL" : "PRAGMA query_only=ON",
                               "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"}) {
      if (auto done = connection->run(pragma, {}); !done) return std::unexpected(done.error());
    }
    return connection;
  }

  ~Connection() {
    for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<SqlRows> run(std::string_view sql, std::span<const SqlValue> values) {
    auto prepared = statement_for(sql);
    if (!prepared) return std::unexpected(prepared.error());
    return step_through(*prepared, values);
  }

  Result<void> run_batch(std::string_view sql, std::span<const SqlRow> rows) {
    auto prepared = statement_for(sql);
    if (!prepared) return std::unexpected(prepared.error());
    for (const SqlRow& row : rows) {
      if (auto done = step_through(*prepared, row); !done) return std::unexpected(done.error());
    }
    return {};
  }

  /// SQLite ends a transaction by itself after some failures (disk full).
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

 private:
  explicit Connection(sqlite3* handle) : handle_(handle) {}

  Result<sqlite3_stmt*> statement_for(std::string_view sql) {
    if (const auto known = statements_.find(std::string(sql)); known != statements_.end()) {
      return known->second;
    }
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
      return std::unexpected(error_of(handle_));
    }
    statements_.emplace(sql, statement);
    return statement;
  }

  Result<SqlRows> step_through(sqlite3_stmt* statement, std::span<const SqlValue> values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      bind(statement, static_cast<int>(i + 1), values[i]);
    SqlRows rows;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) rows.push_back(current_row(statement));
    Result<SqlRows> result = std::move(rows);
    if (code != SQLITE_DONE) result = std::unexpected(error_of(handle_));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
  }

  static void bind(sqlite3_stmt* statement, int index, const SqlValue& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(statement, index, *whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, index, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
  }

  static SqlRow current_row(sqlite3_stmt* statement) {
    SqlRow row;
    const int columns = sqlite3_column_count(statement);
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) {
      switch (sqlite3_column_type(statement, i)) {
        case SQLITE_INTEGER:
          row.emplace_back(static_cast<std::int64_t>(sqlite3_column_int64(statement, i)));
          break;
        case SQLITE_FLOAT:
          row.emplace_back(sqlite3_column_double(statement, i));
          break;
        case SQLITE_NULL:
          row.emplace_back();
          break;
        default:
          row.emplace_back(
              std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, i)),
                          static_cast<std::size_t>(sqlite3_column_bytes(statement, i))));
      }
    }
    return row;
  }

  sqlite3* handle_;
  std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, std::vector<std::string>& messages)
      : connection_(connection), messages_(messages) {}
  using Transaction::run;
  Result<SqlRows> run(std::string_view sql, std::span<const SqlValue> values) override {
    return connection_.run(sql, values);
  }
  Result<void> run_batch(std::string_view sql, std::span<const SqlRow> values) override {
    return connection_.run_batch(sql, values);
  }
  std::string_view for_update() const override { return ""; }
  Result<void> lock(std::string_view) override { return {}; }
  Result<void> notify(std::string_view message) override {
    messages_.emplace_back(message);
    return {};
  }

 private:
  Connection& connection_;
  std::vector<std::string>& messages_;
};

/// A file beside the database that one process holds locked: a second server on
/// the same file would read stale caches and sweep the first one's files.
class ProcessLock {
 public:
  static Result<ProcessLock> take(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
      return fail(ErrorCode::unavailable,
                  "cannot write " + path + ": check the folder and its rights");
    }
    ProcessLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      return fail(ErrorCode::unavailable,
                  "another server uses this database: end it, choose another DATABASE_URL, or use "
                  "PostgreSQL");
    }
    return lock;
  }
  ProcessLock(ProcessLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit ProcessLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(ProcessLock lock, std::string path, std::unique_ptr<Connection> writer)
      : lock_(std::move(lock)),
        path_(std::move(path)),
        writer_(std::move(writer)),
        thread_([this] { run_writer(); }) {}

  ~SqliteDatabase() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  Result<void> write(const Job& job) override {
    Pending pending{&job, {}, {}};
    auto result = pending.result.get_future();
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back(&pending);
    }
    changed_.notify_one();
    return result.get();
  }

  using Database::read;
  Result<SqlRows> read(std::string_view sql, std::span<const SqlValue> values) override {
    auto connection = take_reader();
    if (!connection) return std::unexpected(connection.error());
    auto rows = (*connection)->run(sql, values);
    const std::lock_guard lock(readers_mutex_);
    readers_.push_back(std::move(*connection));
    return rows;
  }

  bool is_exclusive() const override { return true; }
  std::unique_ptr<Listening> listen(std::function<void(std::string_view)> receive) override {
    const std::lock_guard lock(receive_mutex_);
    receive_ = std::move(receive);
    return std::make_unique<Ear>(*this);
  }
  Result<std::int64_t> clock_ms() override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  void report_to(std::function<void(std::string_view)>) override {}
  std::string_view kind() const override { return "sqlite"; }

  Result<void> check() override {
    if (healthy_) return {};
    const std::lock_guard lock(check_mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - checked_ < std::chrono::seconds(1)) return last_check_;
    checked_ = now;
    last_check_ = write([](Transaction& transaction) -> Result<void> {
      auto done = transaction.run("UPDATE schema_versions SET version = version");
      if (!done) return std::unexpected(done.error());
      return {};
    });
    return last_check_;
  }

 private:
  struct Pending {
    const Job* job;
    std::promise<Result<void>> result;
    std::vector<std::string> messages;
  };
  struct Ear final : Listening {
    explicit Ear(SqliteDatabase& of) : database(of) {}
    ~Ear() override {
      const std::lock_guard lock(database.receive_mutex_);
      database.receive_ = nullptr;
    }
    SqliteDatabase& database;
  };

  Result<std::unique_ptr<Connection>> take_reader() {
    {
      const std::lock_guard lock(readers_mutex_);
      if (!readers_.empty()) {
        auto connection = std::move(readers_.back());
        readers_.pop_back();
        return connection;
      }
    }
    return Connection::open(path_, false);
  }

  void run_writer() {
    while (true) {
      std::vector<Pending*> batch;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        while (!queue_.empty() && batch.size() < most_writes_in_a_commit) {
          batch.push_back(queue_.front());
          queue_.pop_front();
        }
      }
      commit_together(batch);
    }
  }

  /// Group commit: while one commit waits for the disk the next batch gathers,
  /// so the disk's latency is shared by all who wait.
  void commit_together(const std::vector<Pending*>& batch) {
    std::vector<Result<void>> results(batch.size());
    Result<void> whole = run_whole("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < batch.size() && whole; ++i) {
      results[i] = run_job(*batch[i]->job, batch[i]->messages);
      if (!writer_->in_transaction()) whole = std::unexpected(results[i].error());
    }
    if (whole) whole = run_whole("COMMIT");
    if (!whole && writer_->in_transaction()) std::ignore = run_whole("ROLLBACK");
    healthy_ = whole.has_value();
    if (whole) tell(batch, results);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      batch[i]->result.set_value(whole ? std::move(results[i]) : whole);
    }
  }

  /// Before those who wait are answered: what they do next is told after it.
  void tell(const std::vector<Pending*>& batch, const std::vector<Result<void>>& results) {
    const std::lock_guard lock(receive_mutex_);
    for (std::size_t i = 0; i < batch.size() && receive_; ++i) {
      if (!results[i]) continue;
      for (const std::string& message : batch[i]->messages) receive_(message);
    }
  }

  Result<void> run_job(const Job& job, std::vector<std::string>& messages) {
    if (auto begun = run_whole("SAVEPOINT job"); !begun) return begun;
    SqliteTransaction transaction(*writer_, messages);
    const Result<void> done = run_caught(job, transaction);
    if (!done && writer_->in_transaction()) std::ignore = run_whole("ROLLBACK TO job");
    if (writer_->in_transaction()) {
      if (auto released = run_whole("RELEASE job"); !released && done) return released;
    }
    return done;
  }

  static Result<void> run_caught(const Job& job, SqliteTransaction& transaction) {
    try {
      return job(transaction);
    } catch (const std::exception& error) {
      return fail(ErrorCode::io_failed, std::string("a write failed: ") + error.what());
    }
  }

  Result<void> run_whole(std::string_view sql) {
    auto done = writer_->run(sql, {});
    if (!done) return std::unexpected(done.error());
    return {};
  }

  ProcessLock lock_;
  std::string path_;
  std::unique_ptr<Connection> writer_;
  std::atomic<bool> healthy_ = true;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Pending*> queue_;
  bool ending_ = false;

  std::mutex receive_mutex_;
  std::function<void(std::string_view)> receive_;

  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Connection>> readers_;

  std::mutex check_mutex_;
  std::chrono::steady_clock::time_point checked_{};
  Result<void> last_check_;

  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path) {
  auto lock = ProcessLock::take(path + ".lock");
  if (!lock) return std::unexpected(lock.error());
  auto writer = Connection::open(path, true);
  if (!writer) return std::unexpected(writer.error());
  return std::make_unique<SqliteDatabase>(std::move(*lock), path, std::move(*writer));
}

}  // namespace vivavox
