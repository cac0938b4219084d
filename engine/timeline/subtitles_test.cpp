#include "engine/timeline/subtitles.h"

#include <catch2/catch_test_macros.hpp>

using namespace vivavox;

namespace {

Timeline two_sentences() {
  Timeline timeline{
      .text = "Say \"A & B\". Then\n\ngo on", .sample_rate_hz = 1000, .length_samples = 3'725'500};
  timeline.words = {
      {.begin_bytes = 0, .end_bytes = 3, .start_samples = 100, .end_samples = 400},
      {.begin_bytes = 5, .end_bytes = 6, .start_samples = 400, .end_samples = 500},
      {.begin_bytes = 9, .end_bytes = 10, .start_samples = 600, .end_samples = 900},
      {.begin_bytes = 13, .end_bytes = 17, .start_samples = 3'725'000, .end_samples = 3'725'100},
      {.begin_bytes = 19, .end_bytes = 21, .start_samples = 3'725'100, .end_samples = 3'725'300},
      {.begin_bytes = 22, .end_bytes = 24, .start_samples = 3'725'300, .end_samples = 3'725'500}};
  timeline.phones = {{.ipa = "", .start_samples = 0, .end_samples = 100},
                     {.ipa = "s", .start_samples = 100, .end_samples = 3'725'500, .word = 0}};
  return timeline;
}

}  // namespace

TEST_CASE("SubRip's cues end with a sentence and hold one line") {
  CHECK(to_srt(two_sentences()) ==
        "1\n00:00:00,100 --> 00:00:00,900\nSay \"A & B\".\n\n"
        "2\n01:02:05,000 --> 01:02:05,500\nThen go on\n\n");
}

TEST_CASE("WebVTT names when each further word begins, and escapes what has a meaning") {
  const std::string vtt = to_vtt(two_sentences());
  CHECK(
      vtt.starts_with("WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nSay <00:00:00.400>\"A &amp; "
                      "<00:00:00.600>B\".\n\n"));
  CHECK(vtt.contains("Then <01:02:05.100>go <01:02:05.300>on\n"));
}

TEST_CASE("a long sentence is shown in several cues") {
  Timeline timeline{.sample_rate_hz = 10, .length_samples = 500};
  for (std::uint32_t i = 0; i < 50; ++i) {
    timeline.words.push_back({.begin_bytes = 5 * i,
                              .end_bytes = 5 * i + 4,
                              .start_samples = 3 * i,
                              .end_samples = 3 * i + 3});
    timeline.text += "word ";
  }
  const std::string srt = to_srt(timeline);
  CHECK(srt.contains("\n3\n"));
  CHECK(
      !srt.contains("word word word word word word word word word word word word word word word "
                    "word word word"));
}

TEST_CASE("a TextGrid's intervals follow one another without gaps") {
  const std::string grid = to_textgrid(two_sentences());
  CHECK(grid.starts_with("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n"));
  CHECK(
      grid.contains("name = \"words\"\n        xmin = 0\n        xmax = 3725.500000\n"
                    "        intervals: size = 9\n"));
  CHECK(grid.contains("xmin = 0.100000\n            xmax = 3725.500000\n            text = \"s\""));
}
