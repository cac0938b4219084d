#include <catch2/catch_test_macros.hpp>

#include "engine/timeline/timeline.h"

using namespace vivavox;

namespace {

Timeline example() {
  Timeline timeline{.text = "🙂 \"Hé\"", .voice = "espeak:fr", .language = "fr"};
  timeline.length_samples = 22050;
  timeline.words = {{6, 9, 147, 22000}};
  timeline.phones = {{"", Stress::none, 0, 147, -1}, {"e", Stress::primary, 147, 22000, 0}};
  timeline.phones[1].delivery = {.loudness_db = -3, .pitch_cents = 150};
  return timeline;
}

}  // namespace

TEST_CASE("a Timeline is written as documented") {
  CHECK(to_json(example()) ==
        R"({"text":"🙂 \"Hé\"","voice":"espeak:fr","language":"fr","sample_rate_hz":22050,)"
        R"("duration_s":1.000000,"timing":"exact",)"
        R"("words":[{"text":"Hé","begin":4,"end":6,"start_s":0.006667,"end_s":0.997732}],)"
        R"("phones":[{"ipa":"","stress":"none","word":-1,"start_s":0.000000,"end_s":0.006667},)"
        R"({"ipa":"e","stress":"primary","word":0,"start_s":0.006667,"end_s":0.997732,)"
        R"("loudness_db":-3,"pitch_cents":150}]})");
}

TEST_CASE("a Timeline returns from its JSON unchanged") {
  const auto read = timeline_from_json(to_json(example()));
  REQUIRE(read.has_value());
  CHECK(*read == example());
}

TEST_CASE("what is not a Timeline is refused by name") {
  const auto message = [](std::string_view text) {
    const auto read = timeline_from_json(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == ErrorCode::invalid_json);
    return read.error().message;
  };
  CHECK(message("[]") == "not a Timeline: a Timeline must be an object");
  CHECK(message("{").starts_with("the Timeline is not JSON"));
  CHECK(message("{}") == "not a Timeline: member \"text\" is missing");
  std::string wrong = to_json(example());
  wrong.replace(wrong.find("\"begin\":4"), 9, "\"begin\":1");  // inside the surrogate pair
  CHECK(message(wrong) == "not a Timeline: a word's begin and end are not in the text");
  wrong = to_json(example());
  wrong.replace(wrong.find("22050"), 5, "0");
  CHECK(message(wrong) == "not a Timeline: \"sample_rate_hz\" is out of range");
  wrong = to_json(example());
  wrong.replace(wrong.find("150}"), 3, "1e9");
  CHECK(message(wrong) == "not a Timeline: \"pitch_cents\" is out of range");
}
