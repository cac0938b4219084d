#include "server/command_phonemize.h"

#include <array>
#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <sstream>

#include "engine/speech/espeak_test_engine.h"
#include "engine/text/nfd.h"
#include "server/files.h"

using namespace vivavox;
namespace json = boost::json;

namespace {

const std::filesystem::path voices = VIVAVOX_ROOT "/../shared/data/voices";

std::string joined(const json::value& phonemes) {
  std::string out;
  for (const json::value& phoneme : phonemes.as_array()) out += phoneme.as_string();
  return out;
}

/// Words that espeak-ng 1.52 says otherwise than the version of the reference:
/// its American English no longer tells "hoarse" from "horse".
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> changed_words = {{
    {"mˌiːɾɪˌoːɹəlˈɑːdʒɪkəl", "mˌiːɾɪˌɔːɹəlˈɑːdʒɪkəl"},  // meteorological
    {"mˈoːɹ", "mˈɔːɹ"},                                  // more
    {"bᵻfˌoːɹ", "bᵻfˌɔːɹ"},                              // before
}};

std::string with_changes(std::string phonemes) {
  for (const auto& [before, now] : changed_words) {
    const std::size_t at = phonemes.find(before);
    if (at != std::string::npos) phonemes.replace(at, before.size(), now);
  }
  return phonemes;
}

/// Reference ids, with those of changed phonemes: the n-th phoneme's id lies
/// behind begin and pad, and n pairs of id and pad.
json::array ids_with_changes(const json::value& reference, std::string_view now,
                             const PiperConfig& config) {
  json::array ids = reference.at("phoneme_ids").as_array();
  const std::u32string before = code_points(joined(reference.at("phonemes")));
  const std::u32string after = code_points(now);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after.at(i)) ids.at(2 * i + 2) = config.phoneme_ids.at(after[i]).at(0);
  }
  return ids;
}

}  // namespace

TEST_CASE("Piper's reference phonemes and ids are reproduced") {
  if (!std::filesystem::exists(voices)) SKIP("../shared/data/voices is not here");
  const auto config =
      piper_config_from_json(read_text_file(voices / "test_voice.onnx.json").value()).value();
  std::istringstream lines(read_text_file(voices / "test_en-us.jsonl").value());
  std::u32string unknown;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const json::value expected = json::parse(line);
    const std::string text(expected.at("text").as_string());
    INFO(text);
    const auto found = json::parse(phonemize(test_engine(), config, text, unknown).value());
    CHECK(found.at("text") == expected.at("text"));
    const std::string phonemes = with_changes(joined(expected.at("phonemes")));
    CHECK(joined(found.at("phonemes")) == phonemes);
    CHECK(found.at("phoneme_ids") == ids_with_changes(expected, phonemes, config));
  }
  CHECK(count == 7);
  CHECK(unknown.empty());
}

TEST_CASE("a line of several sentences is one line, and a voice without ids has none") {
  const PiperConfig config{.espeak_voice = find_espeak_voice("en-us").value()};
  std::u32string unknown;
  CHECK(
      phonemize(test_engine(), config, "Hi, you. Go!", unknown).value() ==
      R"({"text":"Hi, you. Go!","phonemes":["h","ˈ","a","ɪ",","," ","j","u","ː",".","ɡ","ˈ","o","ʊ","!"]})");
  const auto wrong = phonemize(test_engine(), config, "\xFF", unknown);
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().code == ErrorCode::invalid_text);
}
