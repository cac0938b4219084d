// Counts and latencies for Prometheus.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/http/openapi.h"

namespace vivavox {

/// Upper bounds of the latency histograms' buckets, in seconds.
inline constexpr std::array latency_bounds_s = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                0.1,    0.25,  0.5,    1.0,   2.5,  5.0,   10.0};

/// A histogram that many threads add to without a lock.
class Histogram {
 public:
  void add(std::chrono::duration<double> latency);
  /// Lines of `name`_bucket, _sum and _count; `labels` like `operation="x"`.
  void print(std::string& text, std::string_view name, const std::string& labels) const;
  std::uint64_t count() const { return count_; }

 private:
  std::array<std::atomic<std::uint64_t>, latency_bounds_s.size() + 1> buckets_{};
  std::atomic<std::uint64_t> count_ = 0;
  std::atomic<std::uint64_t> sum_us_ = 0;
};

class Metrics {
 public:
  explicit Metrics(const Api& api);

  /// `operation` as its index in the Api; none: no operation was found.
  void count_request(std::optional<std::size_t> operation, int status,
                     std::chrono::duration<double> latency);

  /// A value that is asked for when the metrics are read. Register at start.
  void add_gauge(std::string name, std::string help, std::function<double()> read);
  void add_counter(std::string name, std::string help, std::function<double()> read);

  /// The Prometheus text exposition format, version 0.0.4.
  std::string print() const;

 private:
  struct PerOperation {
    std::array<std::atomic<std::uint64_t>, 6> statuses{};  ///< by hundreds
    Histogram latency;
  };
  struct Reading {
    std::string name, help, type;
    std::function<double()> read;
  };

  const Api* api_;
  std::vector<std::unique_ptr<PerOperation>> operations_;  ///< the last: none found
  std::vector<Reading> readings_;
};

}  // namespace vivavox
