#include "engine/speech/piper_config.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

const std::string ids = R"("phoneme_id_map":{"_":[0],"^":[1],"$":[2],"a":[3],"b":[4,5],"ab":[6]})";

std::string config(const std::string& members) {
  return R"({"espeak":{"voice":"de"},)" + ids + (members.empty() ? "" : "," + members) + "}";
}

std::string message(const std::string& text) {
  const auto read = piper_config_from_json(text);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::invalid_voice);
  return read.error().message;
}

}  // namespace

TEST_CASE("a voice's settings are read, and those left out are usual") {
  const auto read = piper_config_from_json(config(
      R"("audio":{"sample_rate":16000,"quality":"low"},"hop_length":320,"num_speakers":2,)"
      R"("speaker_id_map":{"Anna":1},"inference":{"noise_w":0.5},"phoneme_map":{"x":["a","b"]})"));
  REQUIRE(read.has_value());
  CHECK(read->sample_rate_hz == 16000);
  CHECK(read->hop_length_samples == 320);
  CHECK(read->espeak_voice.language == "de");
  CHECK(read->num_speakers == 2);
  CHECK(read->speakers.at("Anna") == 1);
  CHECK(read->noise_w == 0.5);
  CHECK(read->noise_scale == 0.667);
  CHECK(read->length_scale == 1);
  CHECK(read->phoneme_ids.at(U'b') == std::vector<std::int64_t>{4, 5});
  CHECK(read->phoneme_map.at(U'x') == U"ab");
  CHECK(piper_config_from_json(config(""))->hop_length_samples == 256);
}

TEST_CASE("ids follow Piper's scheme, and unknown symbols are told") {
  const PiperConfig voice = piper_config_from_json(config(R"("phoneme_map":{"x":["a"]})")).value();
  const PhonemeIds found = phoneme_ids(voice, U"abzxz");
  CHECK(found.ids == std::vector<std::int64_t>{1, 0, 3, 0, 4, 0, 5, 0, 3, 0, 2});
  CHECK(found.symbol_of_id == std::vector<std::int32_t>{-1, -1, 0, 0, 1, 1, 1, 1, 3, 3, -2});
  CHECK(found.unknown == U"z");
}

TEST_CASE("settings that cannot be used are refused by name") {
  CHECK(message("{").starts_with("the voice's .onnx.json is not JSON"));
  CHECK(message("[]") == "the voice's .onnx.json cannot be used: it is not an object");
  CHECK(message("{}") == "the voice's .onnx.json cannot be used: \"espeak.voice\" is missing");
  CHECK(message(R"({"espeak":{"voice":"xx"}})").contains("no language \"xx\""));
  CHECK(message(R"({"espeak":{"voice":"de"}})").ends_with("\"phoneme_id_map\" has no \"_\""));
  CHECK(message(config(R"("phoneme_type":"pinyin")")).contains("\"phoneme_type\" is \"pinyin\""));
  CHECK(message(config(R"("hop_length":0)")).contains("\"hop_length\""));
  CHECK(message(config(R"("audio":{"sample_rate":"loud"})")).contains("\"sample_rate\""));
  CHECK(
      message(R"({"espeak":{"voice":"de"},"phoneme_id_map":{"_":[-1]}})").contains("list of ids"));
}
