#include "server/http/metrics.h"

#include <algorithm>
#include <format>

namespace vivavox {

namespace {
constexpr auto relaxed = std::memory_order_relaxed;
}

void Histogram::add(std::chrono::duration<double> latency) {
  const auto bound = std::ranges::lower_bound(latency_bounds_s, latency.count());
  buckets_[static_cast<std::size_t>(bound - latency_bounds_s.begin())].fetch_add(1, relaxed);
  count_.fetch_add(1, relaxed);
  sum_us_.fetch_add(static_cast<std::uint64_t>(latency.count() * 1e6), relaxed);
}

void Histogram::print(std::string& text, std::string_view name, const std::string& labels) const {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    below += buckets_[i].load(relaxed);
    const std::string bound =
        i < latency_bounds_s.size() ? std::format("{:g}", latency_bounds_s[i]) : "+Inf";
    text += std::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, labels.empty() ? "" : ",",
                        bound, below);
  }
  text += std::format("{}_sum{{{}}} {}\n", name, labels, double(sum_us_.load(relaxed)) / 1e6);
  text += std::format("{}_count{{{}}} {}\n", name, labels, below);
}

Metrics::Metrics(const Api& api) : api_(&api) {
  for (std::size_t i = 0; i <= api.operations.size(); ++i) {
    operations_.push_back(std::make_unique<PerOperation>());
  }
}

void Metrics::count_request(std::optional<std::size_t> operation, int status,
                            std::chrono::duration<double> latency) {
  PerOperation& counts = *operations_[operation.value_or(api_->operations.size())];
  counts.statuses[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))].fetch_add(1, relaxed);
  counts.latency.add(latency);
}

void Metrics::add_gauge(std::string name, std::string help, std::function<double()> read) {
  readings_.push_back({std::move(name), std::move(help), "gauge", std::move(read)});
}

void Metrics::add_counter(std::string name, std::string help, std::function<double()> read) {
  readings_.push_back({std::move(name), std::move(help), "counter", std::move(read)});
}

std::string Metrics::print() const {
  std::string text =
      "# HELP vivavox_requests_total Requests answered.\n# TYPE vivavox_requests_total counter\n";
  const auto name_of = [&](std::size_t i) {
    return i < api_->operations.size() ? api_->operations[i].id : "none";
  };
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    for (std::size_t hundreds = 1; hundreds < 6; ++hundreds) {
      const std::uint64_t count = operations_[i]->statuses[hundreds].load(relaxed);
      if (count == 0) continue;
      text += std::format("vivavox_requests_total{{operation=\"{}\",status=\"{}xx\"}} {}\n",
                          name_of(i), hundreds, count);
    }
  }
  text +=
      "# HELP vivavox_request_seconds Time to answer.\n# TYPE vivavox_request_seconds histogram\n";
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    if (operations_[i]->latency.count() == 0) continue;
    operations_[i]->latency.print(text, "vivavox_request_seconds",
                                  std::format("operation=\"{}\"", name_of(i)));
  }
  for (const Reading& reading : readings_) {
    text += std::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", reading.name, reading.help,
                        reading.type, reading.read());
  }
  return text;
}

}  // namespace vivavox
