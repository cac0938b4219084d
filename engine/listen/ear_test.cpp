#include "engine/listen/ear.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

namespace {

SpeechClause said(const char* text) {
  auto request = EspeakRequest::create(test_engine(), text, "espeak:en-us", {});
  REQUIRE(request);
  auto clause = request->next();
  REQUIRE(clause);
  REQUIRE(*clause);
  return **std::move(clause);
}

std::vector<HeardMoment> heard(std::span<const float> samples, std::int32_t rate_hz,
                               std::size_t piece) {
  Ear ear(rate_hz);
  std::vector<HeardMoment> all;
  for (std::size_t at = 0; at < samples.size(); at += piece) {
    const auto some = ear.push(samples.subspan(at, std::min(piece, samples.size() - at)));
    all.insert(all.end(), some.begin(), some.end());
  }
  const auto last = ear.finish();
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

bool is_shut(const HeardMoment& moment) {
  return moment.moment.mouth[Channel::seal] >= 0.95;
}

}  // namespace

TEST_CASE("what is heard does not depend on how the sound is cut") {
  const SpeechClause clause = said("A mouth may move while nobody knows the words.");
  const std::int32_t rate_hz = clause.timeline.sample_rate_hz;
  const auto whole = heard(clause.samples, rate_hz, clause.samples.size());
  for (const std::size_t piece : {100UL, 221UL, 4410UL}) {
    const auto pieces = heard(clause.samples, rate_hz, piece);
    REQUIRE(pieces.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(pieces[i].moment == whole[i].moment);
  }
}

TEST_CASE("a moment every 20 ms is known 60 ms after it was heard") {
  const std::int32_t rate_hz = GENERATE(8000, 16000, 44100, 48000);
  const std::vector<float> sound(static_cast<std::size_t>(rate_hz));
  Ear ear(rate_hz);
  const auto piece = static_cast<std::size_t>(rate_hz) / 100;
  std::vector<HeardMoment> moments;
  for (std::size_t at = 0; at + piece <= sound.size(); at += piece) {
    const auto some = ear.push(std::span(sound).subspan(at, piece));
    moments.insert(moments.end(), some.begin(), some.end());
    const double now_s = double(at + piece) / rate_hz;
    const double known_s =
        moments.empty() ? -0.01 : double(moments.back().moment.at_samples) / rate_hz;
    CHECK(now_s - known_s <= 0.07);
  }
  REQUIRE(moments.size() > 40);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const double at_s = double(moments[i].moment.at_samples) / rate_hz;
    CHECK(std::abs(at_s - (0.005 + 0.02 * double(i))) < 1.0 / rate_hz);
  }
}

TEST_CASE("lips close where lips are closed") {
  const SpeechClause clause = said(
      "Mama may buy a map of Bombay and a pump for the boat before the summer comes back again");
  const auto moments = heard(clause.samples, clause.timeline.sample_rate_hz, 1000);
  int closures = 0, found = 0;
  for (const Phone& phone : clause.timeline.phones) {
    if (phone.ipa != "p" && phone.ipa != "b" && phone.ipa != "m") continue;
    ++closures;
    const std::int64_t margin = clause.timeline.sample_rate_hz * 4 / 100;
    found += std::ranges::any_of(moments, [&](const HeardMoment& one) {
      return is_shut(one) && one.moment.at_samples > phone.start_samples - margin &&
             one.moment.at_samples < phone.end_samples + margin;
    });
  }
  INFO(found << " of " << closures);
  CHECK(closures >= 10);
  CHECK(found >= 0.8 * closures);
}

TEST_CASE("loud and quiet voices are heard alike, and silence leaves the mouth at rest") {
  const SpeechClause clause = said("Wide open arms are calm.");
  std::vector<float> quiet = clause.samples;
  for (float& sample : quiet) sample *= 0.1F;
  const std::int32_t rate_hz = clause.timeline.sample_rate_hz;
  const auto loud = heard(clause.samples, rate_hz, 1000);
  const auto low = heard(quiet, rate_hz, 1000);
  REQUIRE(loud.size() == low.size());
  double difference = 0, most = 0;
  for (std::size_t i = 0; i < loud.size(); ++i) {
    const double jaw = loud[i].moment.mouth[Channel::jaw];
    difference += std::abs(jaw - low[i].moment.mouth[Channel::jaw]);
    most = std::max(most, jaw);
  }
  CHECK(most > 0.3);
  CHECK(difference / double(loud.size()) < 0.05);
  for (const HeardMoment& one : heard(std::vector<float>(32000), 16000, 1000)) {
    CHECK(one.viseme == Viseme::sil);
    CHECK(one.moment.mouth[Channel::jaw] < 0.05);
  }
}
