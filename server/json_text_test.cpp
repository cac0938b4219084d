#include "server/json_text.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>

using namespace vivavox;
namespace json = boost::json;

namespace {
std::string written(const json::value& value) {
  return json_text(value);
}
}  // namespace

TEST_CASE("numbers are written as people write them") {
  CHECK(written(0.5) == "0.5");
  CHECK(written(0.012) == "0.012");
  CHECK(written(2.0) == "2.0");
  CHECK(written(-1e30) == "-1e+30");
  CHECK(written(7) == "7");
  CHECK(written(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(written(std::nan("")) == "null");
}

TEST_CASE("what is written reads back as it was") {
  const char* text =
      R"({"a":[1,2.5,-0.1,null,true,{}],"é\"\n":"\u0000€","deep":[[[[1e-7]]]],"big":1.7976931348623157e308})";
  const json::value value = json::parse(text);
  CHECK(json::parse(json_text(value)) == value);
  CHECK(written(json::array{}) == "[]");
}
