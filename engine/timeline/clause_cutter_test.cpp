#include "engine/timeline/clause_cutter.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

Timeline clause(std::string text, std::vector<Word> words) {
  Timeline timeline{.text = std::move(text), .sample_rate_hz = 1000, .length_samples = 300};
  timeline.words = std::move(words);
  return timeline;
}

}  // namespace

TEST_CASE("a clause keeps its own stretch of the text, and what closes it") {
  const std::string text = "Grün 🙂, ja? Nun.";
  ClauseCutter cutter;
  Timeline first = clause(text, {{0, 5, 0, 100}});
  CHECK(cutter.cut(first) == 0);
  CHECK(first.text == "Grün");
  Timeline second = clause(text, {{12, 14, 0, 100}});
  CHECK(cutter.cut(second) == 9);
  CHECK(second.text == "ja?");
  CHECK(second.words.front() == Word{0, 2, 0, 100});
  Timeline third = clause(text, {{16, 19, 0, 100}});
  CHECK(cutter.cut(third) == 13);
  CHECK(third.text == "Nun.");
}

TEST_CASE("a clause without words has no text") {
  ClauseCutter cutter;
  Timeline silence = clause(" ", {});
  CHECK(cutter.cut(silence) == 0);
  CHECK(silence.text.empty());
}
