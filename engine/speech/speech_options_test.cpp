#include <catch2/catch_test_macros.hpp>

#include "engine/speech/speech.h"

using namespace vivavox;

TEST_CASE("speech options are read from JSON, and those left out are the voice's own") {
  const auto options = speech_options_from_json(R"({"rate":1.5,"speaker":3,"noiseW":0})");
  REQUIRE(options.has_value());
  CHECK(options->rate == 1.5);
  CHECK(options->pitch == 1);
  CHECK(options->speaker == 3);
  CHECK(options->noise_w == 0.0);
  CHECK_FALSE(options->length_scale.has_value());
  CHECK(speech_options_from_json("").has_value());
}

TEST_CASE("a speech option out of range is refused by name") {
  const auto message = [](std::string_view text) {
    const auto options = speech_options_from_json(text);
    REQUIRE_FALSE(options.has_value());
    CHECK(options.error().code == ErrorCode::invalid_argument);
    return options.error().message;
  };
  CHECK(message(R"({"rate":3})") == "the speech option \"rate\" must be a number from 0.5 to 2");
  CHECK(message(R"({"speaker":"Anna"})").starts_with("the speech option \"speaker\""));
  CHECK(message("[]") == "the speech options are not a JSON object");
}
