#include "server/http/log.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;
using namespace std::chrono;

TEST_CASE("times are written in UTC with milliseconds") {
  CHECK(iso_time(system_clock::time_point(milliseconds(0))) == "1970-01-01T00:00:00.000Z");
  CHECK(iso_time(system_clock::time_point(milliseconds(1'782'086'399'007))) ==
        "2026-06-21T23:59:59.007Z");
}

TEST_CASE("levels have names") {
  CHECK(log_level_of("debug") == LogLevel::debug);
  CHECK(log_level_of("error") == LogLevel::error);
  CHECK(log_level_of("loud") == LogLevel::info);
}
