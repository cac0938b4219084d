#include "server/http/log.h"

#include <unistd.h>

#include <format>
#include <utility>

namespace vivavox {

namespace {

constexpr std::string_view level_names[] = {"debug", "info", "warning", "error"};
constexpr std::size_t most_pending_bytes = std::size_t{4} << 20;

void write_whole(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

LogLevel log_level_of(std::string_view name) {
  for (int i = 0; i < 4; ++i) {
    if (level_names[i] == name) return LogLevel(i);
  }
  return LogLevel::info;
}

std::string iso_time(std::chrono::system_clock::time_point time) {
  // The date and time up to the second are the same for thousands of calls.
  thread_local std::chrono::sys_seconds cached_second{};
  thread_local std::string cached;
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (second != cached_second || cached.empty()) {
    cached_second = second;
    cached = std::format("{:%FT%T}", second);
  }
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time - second).count();
  const char fraction[] = {'.', static_cast<char>('0' + ms / 100),
                           static_cast<char>('0' + ms / 10 % 10), static_cast<char>('0' + ms % 10),
                           'Z'};
  return cached + std::string(fraction, 5);
}

Log::Log(LogLevel level) : level_(level), thread_([this] { run(); }) {}

Log::~Log() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Log::write(LogLevel level, std::string_view message, const boost::json::object& fields) {
  if (!shows(level)) return;
  const std::string text = boost::json::serialize(fields);
  write_raw(level, message, std::string_view(text).substr(1, text.size() - 2));
}

void Log::write_raw(LogLevel level, std::string_view message, std::string_view fields) {
  if (!shows(level)) return;
  std::string line =
      "{\"time\":\"" + iso_time(std::chrono::system_clock::now()) + "\",\"level\":\"";
  line += level_names[int(level)];
  line += "\",\"message\":";
  line += boost::json::serialize(message);
  if (!fields.empty()) (line += ',') += fields;
  line += "}\n";
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.size() + line.size() > most_pending_bytes) {
      ++dropped_;
      return;
    }
    was_empty = pending_.empty();
    pending_ += line;
  }
  if (was_empty) changed_.notify_one();
}

void Log::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !pending_.empty(); });
    // More lines gather meanwhile: waking for each would cost more than the line.
    changed_.wait_for(lock, std::chrono::milliseconds(200), [this] { return ending_; });
    std::string text = std::move(pending_);
    pending_.clear();
    const std::size_t dropped = std::exchange(dropped_, 0);
    const bool ending = ending_;
    lock.unlock();
    if (dropped > 0) {
      text +=
          "{\"level\":\"warning\",\"message\":\"lines dropped: standard error is too slow\","
          "\"count\":" +
          std::to_string(dropped) + "}\n";
    }
    write_whole(text);
    lock.lock();
    if (ending && pending_.empty()) return;
  }
}

}  // namespace vivavox
