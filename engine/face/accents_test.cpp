#include "engine/face/accents.h"

#include <catch2/catch_test_macros.hpp>

#include "engine/face/test_timelines.h"

using namespace vivavox;

namespace {

Timeline sentence(std::string text) {
  Timeline timeline = spoken({{"h", 0.06}, {"aʊ", 0.2, Stress::primary}, {"", 0.4}});
  timeline.text = std::move(text);
  timeline.words = {{0, 3, 0, 5000}};
  for (Phone& phone : timeline.phones) phone.word = phone.ipa.empty() ? -1 : 0;
  return timeline;
}

}  // namespace

TEST_CASE("the head nods on stress and settles at the end") {
  const auto found = accents(sentence("How."), 1);
  REQUIRE(found.size() == 2);
  CHECK(found[0].head.pitch_rad > 0);
  CHECK(found[1].head.pitch_rad > 0);
  CHECK(found[1].brows == 0);
  CHECK(prosody(found, found[0].at_s).head.pitch_rad > 0.005F);
  CHECK(prosody(found, found[1].at_s + 1).head.pitch_rad == 0);
}

TEST_CASE("a question raises the brows") {
  const auto found = accents(sentence("How?"), 1);
  CHECK(found.back().brows > 0.1);
  CHECK(found.back().head.roll_rad != 0);
}

TEST_CASE("a question is one whatever stands before its mark") {
  for (const char* asks : {"How ?", "How\"?", "How”?", "How\u202f?", "How)?", "How !?", "How…?"}) {
    CAPTURE(asks);
    CHECK(accents(sentence(asks), 1).back().brows > 0.1);
  }
  for (const char* states : {"How. Why?", "How, why?", "How why?", "How \"why\"?"}) {
    CAPTURE(states);
    CHECK(accents(sentence(states), 1).back().brows == 0);
  }
}

TEST_CASE("what is said louder and higher moves the head and the brows further") {
  Timeline usual = sentence("How."), high = usual, swallowed = usual, unstressed = usual;
  high.phones[1].delivery = {.loudness_db = 5, .pitch_cents = 400};
  swallowed.phones[1].delivery = {.loudness_db = -9};
  const auto of_usual = accents(usual, 1), of_high = accents(high, 1);
  CHECK(of_high[0].head.pitch_rad > 1.3F * of_usual[0].head.pitch_rad);
  CHECK(of_high[0].brows > 0.15);
  CHECK(accents(swallowed, 1).size() == 1);
  unstressed.phones[1].stress = Stress::none;
  CHECK(accents(unstressed, 1).size() == 1);
  unstressed.phones[1].delivery = {.loudness_db = 5, .pitch_cents = 400};
  CHECK(accents(unstressed, 1).size() == 2);
}

TEST_CASE("speech without words asks where its pitch rises to the end") {
  Timeline timeline = spoken({{"a", 0.2}, {"n", 0.1}, {"a", 0.2}, {"n", 0.1}});
  CHECK(accents(timeline, 1).back().brows == 0);
  timeline.phones[2].delivery.pitch_cents = 450;
  CHECK(accents(timeline, 1).back().brows > 0.1);
  CHECK(accents(timeline, 1).back().head.roll_rad != 0);
}

TEST_CASE("accents keep their distance") {
  std::vector<SpokenPhone> phones(60, {"a", 0.1, Stress::primary});
  const auto found = accents(spoken(phones), 1);
  CHECK(found.size() >= 10);
  CHECK(found.size() <= 14);
  for (std::size_t i = 1; i + 1 < found.size(); ++i) {
    CHECK(found[i].at_s - found[i - 1].at_s >= 0.5);
  }
}
