// Structured logs: one JSON object a line on standard error.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace vivavox {

enum class LogLevel { debug, info, warning, error };

/// "debug", "info", "warning" or "error"; info for anything else.
LogLevel log_level_of(std::string_view name);

/// "2026-01-31T12:00:00.000Z"
std::string iso_time(std::chrono::system_clock::time_point time);

/// Lines are handed to a thread that writes them together, so that a request
/// never waits for whoever reads the log.
class Log {
 public:
  explicit Log(LogLevel level);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  bool shows(LogLevel level) const { return level >= level_; }

  /// {"time": …, "level": …, "message": …, …fields}. No secret may be among them.
  void write(LogLevel level, std::string_view message, const boost::json::object& fields = {});

  /// The same with `fields` as members of an object already in JSON: `"a":1,"b":2`.
  void write_raw(LogLevel level, std::string_view message, std::string_view fields);

 private:
  void run();

  LogLevel level_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string pending_;
  std::size_t dropped_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace vivavox
