// PostgreSQL: a pool of connections, and one more that listens.
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <format>
#include <mutex>
#include <pqxx/pqxx>
#include <thread>
#include <unordered_map>

#include "server/assets/sha256.h"
#include "server/store/database.h"
#include "server/store/records.h"

namespace vivavox {

namespace {

constexpr std::size_t most_connections = 8;
constexpr const char* channel = "vivavox";
constexpr int most_attempts = 5;
/// NOTIFY takes less than 8000 bytes; what is longer is named by this and its id.
constexpr std::size_t longest_notification = 7900;
constexpr char long_message_sign = '#';
constexpr int kept_message_ms = 10 * 60 * 1000;
/// A server that hangs must not hold requests: it gives up by itself after the first,
/// and where it does not even do that the connection is cut after the second.
constexpr const char* limits =
    "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s";
constexpr std::chrono::seconds longest_use{15};
constexpr std::chrono::seconds longest_wait{5};
/// In one way to the server and back, which takes 65535 values.
constexpr std::size_t rows_at_once = 1000;

// Type numbers of pg_type.dat, which never change.
constexpr pqxx::oid int8_type = 20, int4_type = 23, float8_type = 701;

SqlValue value_of(const pqxx::field& field) {
  if (field.is_null()) return {};
  switch (field.type()) {
    case int8_type:
    case int4_type:
      return field.as<std::int64_t>();
    case float8_type:
      return field.as<double>();
    default:
      return field.as<std::string>();
  }
}

pqxx::params params_of(std::span<const SqlValue> values) {
  pqxx::params params;
  for (const SqlValue& value : values) {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      params.append(*whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
      params.append(*real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      params.append(*text);
    } else {
      params.append();
    }
  }
  return params;
}

SqlRows rows_of(const pqxx::result& result) {
  SqlRows rows;
  rows.reserve(static_cast<std::size_t>(result.size()));
  for (const auto& line : result) {
    SqlRow row;
    for (const auto& field : line) row.push_back(value_of(field));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// "($3, $4)" for the second row of two columns.
std::string placeholders(std::size_t row, std::size_t columns) {
  std::string text;
  for (std::size_t i = 1; i <= columns; ++i) {
    text += std::format("{}${}", i > 1 ? ", " : "", row * columns + i);
  }
  return "(" + text + ")";
}

/// The statement with its placeholders once for each row. Empty: it inserts no
/// rows of just placeholders.
std::string for_rows(std::string_view sql, std::size_t columns, std::size_t rows) {
  std::string values = "VALUES " + placeholders(0, columns);
  const std::size_t at = sql.find(values);
  if (at == sql.npos) return {};
  const std::string_view rest = sql.substr(at + values.size());
  for (std::size_t row = 1; row < rows; ++row) values += ", " + placeholders(row, columns);
  return std::string(sql.substr(0, at)).append(values).append(rest);
}

/// Failures inside a job are values to it, but libpqxx's exceptions to us: the
/// transaction is over with the first one.
class PostgresTransaction final : public Transaction {
 public:
  explicit PostgresTransaction(pqxx::work& work) : work_(work) {}
  using Transaction::run;
  Result<SqlRows> run(std::string_view sql, std::span<const SqlValue> values) override {
    return rows_of(work_.exec(sql, params_of(values)));
  }
  Result<void> run_batch(std::string_view sql, std::span<const SqlRow> values) override {
    while (!values.empty()) {
      const std::span<const SqlRow> some = values.first(std::min(values.size(), rows_at_once));
      const std::string many = for_rows(sql, some.front().size(), some.size());
      if (many.empty()) {
        for (const SqlRow& row : some) work_.exec(sql, params_of(row));
      } else {
        std::vector<SqlValue> all;
        for (const SqlRow& row : some) all.insert(all.end(), row.begin(), row.end());
        work_.exec(many, params_of(all));
      }
      values = values.subspan(some.size());
    }
    return {};
  }
  std::string_view for_update() const override { return " FOR UPDATE"; }
  Result<void> lock(std::string_view name) override {
    work_.exec("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", pqxx::params{name});
    return {};
  }
  Result<void> notify(std::string_view message) override {
    std::string text(message);
    if (text.size() > longest_notification) {
      const std::string id = random_hex(16);
      work_.exec("INSERT INTO long_messages VALUES ($1, $2, $3)",
                 pqxx::params{id, message, now_ms()});
      work_.exec("DELETE FROM long_messages WHERE created_at < $1",
                 pqxx::params{now_ms() - kept_message_ms});
      text = long_message_sign + id;
    }
    work_.exec("SELECT pg_notify($1, $2)", pqxx::params{channel, text});
    return {};
  }

 private:
  pqxx::work& work_;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(std::string url)
      : url_(std::move(url)), watch_([this](const std::stop_token& stop) { watch(stop); }) {}

  Result<void> write(const Job& job) override {
    return with_connection<void>([&](pqxx::connection& connection) -> Result<void> {
      pqxx::work work(connection);
      PostgresTransaction transaction(work);
      if (auto done = job(transaction); !done) return done;
      work.commit();
      return {};
    });
  }

  using Database::read;
  Result<SqlRows> read(std::string_view sql, std::span<const SqlValue> values) override {
    return with_connection<SqlRows>([&](pqxx::connection& connection) -> Result<SqlRows> {
      pqxx::nontransaction work(connection);
      return rows_of(work.exec(sql, params_of(values)));
    });
  }

  bool is_exclusive() const override { return false; }
  std::string_view kind() const override { return "postgresql"; }
  void report_to(std::function<void(std::string_view)> tell) override { report_ = std::move(tell); }

  std::unique_ptr<Listening> listen(std::function<void(std::string_view)> receive) override {
    return std::make_unique<Ear>(*this, std::move(receive));
  }

  Result<std::int64_t> clock_ms() override {
    auto rows = read("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)");
    if (!rows) return std::unexpected(rows.error());
    return as_int((*rows)[0][0]);
  }

  Result<void> check() override {
    const std::lock_guard lock(check_mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - checked_ >= std::chrono::seconds(1)) {
      checked_ = now;
      auto answered = read("SELECT 1");
      last_check_ = answered ? Result<void>() : std::unexpected(answered.error());
    }
    return last_check_;
  }

 private:
  using Pooled = std::unique_ptr<pqxx::connection>;

  /// A connection that hears what is told, and is made again when it is lost.
  class Ear final : public Listening {
   public:
    Ear(PostgresDatabase& database, std::function<void(std::string_view)> receive)
        : database_(database),
          receive_(std::move(receive)),
          thread_([this](const std::stop_token& stop) { run(stop); }) {}

   private:
    void run(const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        try {
          pqxx::connection connection(database_.url_);
          connection.listen(channel, [this](const pqxx::notification& notification) {
            hear(std::string_view(notification.payload.c_str()));
          });
          receive_("");
          while (!stop.stop_requested()) connection.await_notification(0, 200'000);
        } catch (const std::exception& error) {
          // Requests say so; here it is tried again.
          if (!stop.stop_requested()) database_.report(error);
          for (int i = 0; i < 5 && !stop.stop_requested(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
          }
        }
      }
    }

    void hear(std::string_view message) {
      if (!message.starts_with(long_message_sign)) return receive_(message);
      const auto rows = database_.read("SELECT body FROM long_messages WHERE message_id = $1",
                                       {std::string(message.substr(1))});
      receive_(rows && !rows->empty() ? as_text(rows->front()[0]) : "");
    }

    PostgresDatabase& database_;
    std::function<void(std::string_view)> receive_;
    std::jthread thread_;
  };

  /// A connection at work, so that watch() can cut it.
  class InUse {
   public:
    InUse(PostgresDatabase& database, const pqxx::connection& connection)
        : database_(database), socket_(connection.sock()) {
      const std::lock_guard lock(database_.mutex_);
      database_.in_use_[socket_] = std::chrono::steady_clock::now() + longest_use;
    }
    ~InUse() {
      const std::lock_guard lock(database_.mutex_);
      database_.in_use_.erase(socket_);
    }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;

   private:
    PostgresDatabase& database_;
    int socket_;
  };

  void watch(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      watch_wakes_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
      const auto now = std::chrono::steady_clock::now();
      for (const auto& [socket, end] : in_use_) {
        if (end < now) ::shutdown(socket, SHUT_RDWR);
      }
    }
  }

  /// Runs `use` with a connection of the pool; again after what passes by
  /// itself: a deadlock, a conflict, a connection that died while it was idle.
  template <class T, class Use>
  Result<T> with_connection(Use&& use) {
    for (int attempt = 1;; ++attempt) {
      Pooled connection;
      try {
        auto taken = take();
        if (!taken) return std::unexpected(taken.error());
        connection = *std::move(taken);
        Result<T> result = [&] {
          const InUse in_use(*this, *connection);
          return use(*connection);
        }();
        give_back(std::move(connection));
        return result;
      } catch (const pqxx::in_doubt_error& error) {
        give_back(nullptr);
        return lost(error);
      } catch (const pqxx::broken_connection& error) {
        give_back(nullptr);
        drop_idle();
        if (attempt > 1) return lost(error);
      } catch (const pqxx::transaction_rollback& error) {
        give_back(std::move(connection));
        if (attempt >= most_attempts) return lost(error);
      } catch (const pqxx::insufficient_resources& error) {
        give_back(std::move(connection));
        report(error);
        return fail(ErrorCode::unavailable, "the database is out of resources: try again later");
      } catch (const pqxx::sql_error& error) {
        give_back(std::move(connection));
        // 55P03, 57…: it waited for a lock, or took too long, or the server ends.
        if (error.sqlstate() == "55P03" || error.sqlstate().starts_with("57")) return lost(error);
        report(error);
        return fail(ErrorCode::io_failed, "the database refused");
      } catch (const std::exception& error) {
        give_back(std::move(connection));
        report(error);
        return fail(ErrorCode::io_failed, "the database refused");
      }
    }
  }

  void report(const std::exception& error) const {
    if (report_) report_(error.what());
  }

  std::unexpected<Error> lost(const std::exception& error) const {
    report(error);
    return fail(ErrorCode::unavailable, "the database is away: try again later");
  }

  Result<Pooled> take() {
    std::unique_lock lock(mutex_);
    if (!available_.wait_for(lock, longest_wait,
                             [this] { return !idle_.empty() || open_ < most_connections; })) {
      return fail(ErrorCode::unavailable, "the database is busy: try again later");
    }
    if (!idle_.empty()) {
      Pooled connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    ++open_;
    lock.unlock();
    return std::make_unique<pqxx::connection>(url_);
  }

  void give_back(Pooled connection) {
    {
      const std::lock_guard lock(mutex_);
      if (connection && connection->is_open()) {
        idle_.push_back(std::move(connection));
      } else {
        --open_;
      }
    }
    available_.notify_one();
  }

  /// After one connection broke the idle ones are not to be trusted either.
  void drop_idle() {
    std::vector<Pooled> dropped;
    {
      const std::lock_guard lock(mutex_);
      open_ -= idle_.size();
      dropped.swap(idle_);
    }
    available_.notify_all();
  }

  std::string url_;
  std::function<void(std::string_view)> report_;
  std::mutex mutex_;
  std::condition_variable available_;
  std::vector<Pooled> idle_;
  std::size_t open_ = 0;  ///< idle or in use

  std::mutex check_mutex_;
  std::chrono::steady_clock::time_point checked_{};
  Result<void> last_check_;

  std::unordered_map<int, std::chrono::steady_clock::time_point> in_use_;  ///< by socket
  std::condition_variable_any watch_wakes_;
  std::jthread watch_;  ///< last: it uses all of the above
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& url) {
  // A server that does not answer must not hold requests for minutes.
  ::setenv("PGCONNECT_TIMEOUT", "3", 0);
  ::setenv("PGOPTIONS", limits, 0);
  auto database = std::make_unique<PostgresDatabase>(url);
  if (auto answered = database->read("SELECT 1"); !answered) {
    return std::unexpected(answered.error());
  }
  return database;
}

}  // namespace vivavox
