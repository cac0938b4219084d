#include "engine/face/mouth_cues.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/face/test_timelines.h"
#include "engine/phonetics/arpabet.h"

using namespace vivavox;

namespace {

/// The shapes alone, one after the other.
std::string shapes(const std::vector<SpokenPhone>& phones, MouthShapes set) {
  std::string line;
  for (const MouthCue& cue : mouth_cues(spoken(phones), set)) {
    line.append(line.empty() ? "" : " ").append(cue.shape);
  }
  return line;
}

const std::vector<SpokenPhone> my_voice{{"", 0.3},   {"m", 0.08}, {"aɪ", 0.2}, {"v", 0.06},
                                        {"ɔɪ", 0.2}, {"s", 0.1},  {"", 0.4}};

}  // namespace

TEST_CASE("a text is shown in the shapes of each set") {
  CHECK(shapes(my_voice, MouthShapes::azure) == "0 21 11 18 10 15 0");
  CHECK(shapes(my_voice, MouthShapes::rhubarb) == "X A D B G E B X");
  CHECK(shapes(my_voice, MouthShapes::preston_blair) == "rest MBP AI E FV O E etc rest");
  CHECK(shapes(my_voice, MouthShapes::vrm) == "neutral aa ih neutral oh ih neutral");
  CHECK(shapes(my_voice, MouthShapes::oculus) == "sil PP aa I FF O I SS sil");
}

TEST_CASE("every English sound has a shape in every set") {
  for (const ArpabetSymbol& symbol : arpabet_symbols()) {
    for (const char* name : {"azure", "rhubarb", "moho", "vrm", "oculus"}) {
      CAPTURE(symbol.symbol, name);
      const auto set = mouth_shapes(name);
      REQUIRE(set);
      const auto cues = mouth_cues(spoken({{symbol.ipa, 0.2}, {"ɑ", 0.2}}), *set);
      REQUIRE(!cues.empty());
      CHECK(cues.front().start_s == 0);
      CHECK(!cues.front().shape.empty());
    }
  }
  CHECK(!mouth_shapes("disney"));
}

TEST_CASE(
    "cues leave no gap, a short pause holds the mouth, and a breath looks like what follows") {
  const auto timeline =
      spoken({{"h", 0.08}, {"uː", 0.2}, {"", 0.1}, {"ɑ", 0.2}, {"", 0.3}, {"ʔ", 0.1}});
  const auto cues = mouth_cues(timeline, MouthShapes::rhubarb);
  REQUIRE(cues.size() == 3);
  CHECK(cues[0].shape == "F");
  CHECK(std::abs(cues[0].end_s - 0.38) < 1e-3);
  CHECK(cues[1].shape == "D");
  CHECK(cues[2].shape == "X");
  CHECK(cues[2].end_s == timeline.duration_s());
  for (std::size_t i = 1; i < cues.size(); ++i) CHECK(cues[i].start_s == cues[i - 1].end_s);
}

TEST_CASE("silence is one cue of the mouth at rest, and nothing is none") {
  CHECK(shapes({{"", 1}}, MouthShapes::rhubarb) == "X");
  CHECK(mouth_cues({}, MouthShapes::rhubarb).empty());
}

TEST_CASE("cues are written as Rhubarb and Moho write them") {
  const auto cues = mouth_cues(spoken({{"p", 0.1}, {"ɑ", 0.2}, {"", 0.2}}), MouthShapes::rhubarb);
  CHECK(cues_tsv(cues) == "0.00\tA\n0.10\tD\n0.30\tX\n0.50\tX\n");
  CHECK(cues_moho(cues, 30) == "MohoSwitch1\n1 A\n4 D\n10 X\n");
  CHECK_FALSE(cues_moho(cues, 0).has_value());
}
