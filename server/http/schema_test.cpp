#include "server/http/schema.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <stdexcept>

using namespace vivavox;
namespace json = boost::json;

namespace {

std::vector<Violation> check(const char* definition, json::value value) {
  const json::object components;
  std::vector<Violation> found;
  Schema::compile(json::parse(definition), components).check(value, {"body"}, found);
  return found;
}

std::string kind(const char* definition, const json::value& value) {
  const auto found = check(definition, value);
  return found.empty() ? "" : found.front().type;
}

}  // namespace

TEST_CASE("types are told apart as pydantic names them") {
  CHECK(kind(R"({"type":"string"})", 5) == "string_type");
  CHECK(kind(R"({"type":"integer"})", 1.5) == "int_type");
  CHECK(kind(R"({"type":"integer"})", 2.0) == "");
  CHECK(kind(R"({"type":"number"})", "2") == "float_type");
  CHECK(kind(R"({"type":"object"})", json::array()) == "dict_type");
  CHECK(kind(R"({"type":["string","null"]})", nullptr) == "");
  CHECK(kind(R"({"type":["string","null"]})", true) == "string_type");
}

TEST_CASE("handlers find one kind of whole number") {
  json::value value = json::parse("[512.0, 18446744073709551615, 7]");
  std::vector<Violation> found;
  Schema::compile(json::parse(R"({"items":{"type":"integer"}})"), {}).check(value, {}, found);
  CHECK(found.empty());
  CHECK(value == json::value({512, std::numeric_limits<std::int64_t>::max(), 7}));
}

TEST_CASE("bounds hold at their edges") {
  const char* number = R"({"type":"integer","minimum":64,"maximum":4096})";
  CHECK(kind(number, 64) == "");
  CHECK(kind(number, 63) == "greater_than_equal");
  CHECK(kind(number, 4097) == "less_than_equal");
  const char* text = R"({"type":"string","minLength":1,"maxLength":3})";
  CHECK(kind(text, "") == "string_too_short");
  CHECK(kind(text, "äöü") == "");
  CHECK(kind(text, "äöüß") == "string_too_long");
  CHECK(kind(R"({"enum":["a","b"]})", "c") == "enum");
}

TEST_CASE("missing members are found, and defaults filled in") {
  const char* definition =
      R"({"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer","default":7}},
          "required":["a"]})";
  const auto found = check(definition, json::object{{"b", "x"}});
  REQUIRE(found.size() == 2);
  CHECK(found[0].loc == json::array{"body", "a"});
  CHECK(found[0].type == "missing");
  CHECK(found[1].loc == json::array{"body", "b"});
  json::value value = json::object{{"a", "x"}, {"unknown", 1}};
  std::vector<Violation> none;
  Schema::compile(json::parse(definition), {}).check(value, {}, none);
  CHECK(none.empty());
  CHECK(value.at("b") == 7);
  CHECK(value.at("unknown") == 1);
}

TEST_CASE("a keyword that nobody checks is a mistake of the document") {
  CHECK_THROWS_AS(check(R"({"pattern":"x"})", "x"), std::invalid_argument);
}

TEST_CASE("query texts become values by their schema") {
  const Schema number = Schema::compile(json::parse(R"({"type":"integer"})"), {});
  CHECK(number.from_text("12") == 12);
  CHECK(number.from_text("12x").is_string());
  const Schema flag = Schema::compile(json::parse(R"({"type":"boolean"})"), {});
  CHECK(flag.from_text("true") == true);
}

TEST_CASE("what a schema does not name is taken out of an object, and no deeper") {
  const Schema schema =
      Schema::compile(json::parse(R"({"type": "object", "properties": {"a": {"type": "object"}}})"),
                      json::object());
  json::value value = json::parse(R"({"a": {"b": 1}, "width": 1e400})");
  schema.drop_unknown(value);
  CHECK(value == json::parse(R"({"a": {"b": 1}})"));
  json::value list = json::parse("[1]");
  schema.drop_unknown(list);
  CHECK(list == json::parse("[1]"));
}
