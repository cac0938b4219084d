// Lips that can be read: the rules of lip_rules.h, held against the avatar's mesh while it speaks
// 20 languages. `[all]` does so for all 500 sentences and prints the shares (scripts/lipbench).
#include "tests/lips/lip_rules.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>

#include "engine/face/moods.h"
#include "engine/face/performance.h"
#include "engine/face/visemes.h"
#include "tests/lips/lip_sentences.h"
#include "tests/lips/test_mesh.h"

using namespace vivavox;

namespace {

struct Tally {
  int held = 0;
  int asked = 0;
  std::string broken;  ///< the first few that were not held

  double share() const { return asked == 0 ? 0 : static_cast<double>(held) / asked; }
};

using Tallies = std::array<Tally, lip_rule_count>;

std::string described(const Verdict& verdict, const LipSentence& sentence) {
  char words[160];
  std::snprintf(words, sizeof words, " %.3f…%.3f s is %.4f, asked %.4f; ", verdict.sound.start_s,
                verdict.sound.end_s, verdict.measured, verdict.asked);
  return sentence.voice + " \"" + sentence.text + "\"" + words;
}

void count(const LipSentence& sentence, std::string_view mood, Tallies& tallies) {
  constexpr std::size_t told_bytes = 1000;
  LipTargets targets(vivi());
  const Timeline timeline = speak(sentence).timeline;
  const auto performance =
      Performance::create(timeline, {.moods = {{.mood = std::string(mood)}}}).value();
  const auto weights = [&](double t_s) { return performance.pose(t_s).weights; };
  for (const Verdict& verdict : judge(timeline, weights, targets)) {
    Tally& tally = tallies[static_cast<std::size_t>(verdict.rule)];
    tally.held += verdict.held;
    ++tally.asked;
    if (!verdict.held && tally.broken.size() < told_bytes) {
      tally.broken += described(verdict, sentence);
    }
  }
}

void check_share(const Tallies& tallies, LipRule rule, double least) {
  const Tally& tally = tallies[static_cast<std::size_t>(rule)];
  CAPTURE(name(rule), tally.held, tally.asked, tally.broken);
  CHECK(tally.asked > 0);
  CHECK(tally.share() >= least);
}

/// Closures and teeth have no exception; how near the other rules come is in docs/lip-benchmark.md.
void check_readable(const Tallies& tallies) {
  check_share(tallies, LipRule::closes, 1);
  check_share(tallies, LipRule::bites, 1);
  check_share(tallies, LipRule::rounds_early, 0.97);
  check_share(tallies, LipRule::stays_round, 0.98);
  check_share(tallies, LipRule::opens, 0.98);
  check_share(tallies, LipRule::stays_open, 0.96);
}

/// Every language, both halves; a prime step, so that places in the lists are mixed.
std::vector<LipSentence> some_sentences() {
  const auto all = lip_sentences();
  std::vector<LipSentence> some;
  for (std::size_t i = 0; i < all.size(); i += 11) some.push_back(all[i]);
  return some;
}

}  // namespace

TEST_CASE("there are 500 sentences in 20 languages, half of them for reporting") {
  const auto all = lip_sentences();
  CHECK(all.size() == 500);
  CHECK(std::ranges::count(all, SentenceHalf::reporting, &LipSentence::half) == 250);
  std::vector<std::string> voices;
  for (const auto& sentence : all) {
    if (voices.empty() || voices.back() != sentence.voice) voices.push_back(sentence.voice);
  }
  CHECK(voices.size() == 20);
}

TEST_CASE("the avatar's lips touch at rest, and its neutral vowel opens them") {
  CHECK(std::abs(vivi().look({}).opening_m) < 1e-5);
  CHECK(LipTargets(vivi()).neutral_opening_m() > 0.004);
  BlendWeights open;
  open[BlendShape::jawOpen] = 1;
  CHECK(vivi().look(open).opening_m > 0.03);
  CHECK(vivi().look(open).jaw_m > 0.025);
}

TEST_CASE("the lower lip is on the upper teeth in the shape of f, and in that of no vowel") {
  CHECK(vivi().lip_to_teeth_m(viseme_shape(Viseme::FF)) < 0.001);
  for (const Viseme viseme :
       {Viseme::sil, Viseme::aa, Viseme::E, Viseme::I, Viseme::O, Viseme::U}) {
    CAPTURE(name(viseme));
    CHECK(vivi().lip_to_teeth_m(viseme_shape(viseme)) > 0.003);
  }
}

TEST_CASE("lips can be read in 20 languages") {
  Tallies tallies;
  for (const auto& sentence : some_sentences()) count(sentence, "neutral", tallies);
  check_readable(tallies);
}

TEST_CASE("lips close and bite in every mood") {
  const auto all = lip_sentences();
  for (const Mood& mood : moods()) {
    Tallies tallies;
    for (const std::size_t i : {1U, 4U, 29U, 60U}) count(all[i], mood.name, tallies);
    CAPTURE(mood.name);
    check_share(tallies, LipRule::closes, 1);
    check_share(tallies, LipRule::bites, 1);
  }
}

TEST_CASE("lips can be read in all 500 sentences", "[.all]") {
  for (const SentenceHalf half : {SentenceHalf::tuning, SentenceHalf::reporting}) {
    Tallies tallies;
    for (const auto& sentence : lip_sentences()) {
      if (sentence.half == half) count(sentence, "neutral", tallies);
    }
    std::printf("%s half\n", half == SentenceHalf::tuning ? "tuning" : "reporting");
    for (std::size_t i = 0; i < lip_rule_count; ++i) {
      std::printf("  %-13s %4d of %4d  %.1f %%\n", name(static_cast<LipRule>(i)).data(),
                  tallies[i].held, tallies[i].asked, 100 * tallies[i].share());
    }
    check_readable(tallies);
  }
}
