#include "server/http/metrics.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

TEST_CASE("latencies fall into cumulative buckets") {
  Histogram histogram;
  for (const double latency_s : {0.0001, 0.0005, 0.3, 60.0}) {
    histogram.add(std::chrono::duration<double>(latency_s));
  }
  std::string text;
  histogram.print(text, "x", "a=\"b\"");
  CHECK(text.contains("x_bucket{a=\"b\",le=\"0.0005\"} 2\n"));
  CHECK(text.contains("x_bucket{a=\"b\",le=\"0.5\"} 3\n"));
  CHECK(text.contains("x_bucket{a=\"b\",le=\"+Inf\"} 4\n"));
  CHECK(text.contains("x_count{a=\"b\"} 4\n"));
}

TEST_CASE("requests are counted by operation and kind of status") {
  Metrics metrics(built_in_api());
  metrics.count_request(0, 200, std::chrono::milliseconds(1));
  metrics.count_request(0, 404, std::chrono::milliseconds(1));
  metrics.count_request(std::nullopt, 404, std::chrono::milliseconds(1));
  metrics.add_gauge("vivavox_test", "A test.", [] { return 2.5; });
  const std::string text = metrics.print();
  const std::string& id = built_in_api().operations.front().id;
  CHECK(text.contains("vivavox_requests_total{operation=\"" + id + "\",status=\"2xx\"} 1\n"));
  CHECK(text.contains("vivavox_requests_total{operation=\"none\",status=\"4xx\"} 1\n"));
  CHECK(text.contains("# TYPE vivavox_test gauge\nvivavox_test 2.5\n"));
}
