#include "server/http/trace_context.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

using namespace vivavox;

namespace {
const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string rest = "-b7ad6b7169203331-01";
}  // namespace

TEST_CASE("a traceparent names its trace") {
  CHECK(trace_id_of("00-" + trace + rest) == trace);
  CHECK(trace_id_of("cc-" + trace + rest + "-what-comes") == trace);
}

TEST_CASE("what is no traceparent names none") {
  const std::string zeros(32, '0');
  for (const std::string& header :
       {std::string(), "00-" + trace, "00-" + zeros + rest, "ff-" + trace + rest,
        "00-" + trace + rest + "-more", "cc-" + trace + rest + "more", "0x-" + trace + rest,
        "00-" + trace + "-0000000000000000-01", "00-" + trace + "_b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C" + rest, "00-\"}\\n" + trace.substr(4) + rest}) {
    CAPTURE(header);
    CHECK(trace_id_of(header).empty());
  }
}
