#include "engine/align/align.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>

#include "engine/media/wav.h"
#include "engine/speech/espeak_request.h"
#include "engine/speech/espeak_test_engine.h"

using namespace vivavox;

namespace {

using Spoken = SpeechClause;

Recording recording_of(const Spoken& spoken) {
  return {spoken.timeline.sample_rate_hz, spoken.samples};
}

constexpr const char* fox =
    "The quick brown fox jumps over the lazy dog, while seven wizards watch in silence.";

Spoken speak(std::string_view voice, double rate, const char* text = fox) {
  auto request = EspeakRequest::create(test_engine(), text, voice, {.rate = rate});
  REQUIRE(request);
  Spoken spoken;
  while (true) {
    auto clause = request->next();
    REQUIRE(clause);
    if (!*clause) return spoken;
    if (spoken.samples.empty()) {
      spoken = {(*clause)->timeline, (*clause)->samples};
    } else {
      append(spoken.timeline, (*clause)->timeline);
      spoken.samples.insert(spoken.samples.end(), (*clause)->samples.begin(),
                            (*clause)->samples.end());
    }
  }
}

/// How far the starts of words lie from where they are, in seconds, ascending.
std::vector<double> word_errors_s(const Timeline& found, const Timeline& truth, double shift_s) {
  REQUIRE(found.words.size() == truth.words.size());
  std::vector<double> errors_s;
  for (std::size_t i = 0; i < truth.words.size(); ++i) {
    errors_s.push_back(std::abs(found.seconds(found.words[i].start_samples) - shift_s -
                                truth.seconds(truth.words[i].start_samples)));
  }
  std::ranges::sort(errors_s);
  return errors_s;
}

void check_whole(const Timeline& timeline) {
  REQUIRE(!timeline.phones.empty());
  std::int64_t at = 0;
  for (const Phone& phone : timeline.phones) {
    CHECK(phone.start_samples == at);
    CHECK(phone.end_samples >= phone.start_samples);
    at = phone.end_samples;
  }
  CHECK(at == timeline.length_samples);
}

}  // namespace

TEST_CASE("a reading aligned with itself keeps its times") {
  const Spoken spoken = speak("espeak:en-us", 1);
  const auto aligned = align(spoken, recording_of(spoken));
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  CHECK(aligned->confidence > 0.95);
  CHECK(aligned->left_out.empty());
  CHECK(aligned->repeated.empty());
  CHECK(aligned->timeline.timing == Timing::estimated);
  CHECK(word_errors_s(aligned->timeline, spoken.timeline, 0).back() < 0.015);
}

TEST_CASE("slower, faster and other voices are followed") {
  const Spoken reference = speak("espeak:en-us", 1);
  for (const auto& [voice, rate] : {std::pair("espeak:en-us", 0.75), std::pair("espeak:en-us", 1.3),
                                    std::pair("espeak:en-gb", 1.0)}) {
    const Spoken said = speak(voice, rate);
    const auto aligned = align(reference, recording_of(said));
    REQUIRE(aligned);
    check_whole(aligned->timeline);
    const auto errors_s = word_errors_s(aligned->timeline, said.timeline, 0);
    INFO(voice << " at " << rate << ": confidence " << aligned->confidence << ", median "
               << errors_s[errors_s.size() / 2] << " s, worst " << errors_s.back() << " s");
    CHECK(errors_s[errors_s.size() / 2] < 0.03);
    CHECK(errors_s.back() < 0.12);
  }
}

TEST_CASE("silence and noise around the speech become pauses") {
  const Spoken spoken = speak("espeak:en-us", 1);
  constexpr double before_s = 0.7;
  Recording recording = recording_of(spoken);
  const auto silence = static_cast<std::size_t>(before_s * recording.sample_rate_hz);
  recording.samples.insert(recording.samples.begin(), silence, 0.0F);
  recording.samples.insert(recording.samples.end(), silence, 0.0F);
  double energy = 0;
  for (const float sample : spoken.samples) energy += double(sample) * sample;
  const double noise = std::sqrt(energy / double(spoken.samples.size()) / 100 * 3);  // 20 dB below
  unsigned state = 7;
  for (float& sample : recording.samples) {
    state = state * 1664525 + 1013904223;
    sample += static_cast<float>(noise * (2.0 * double(state >> 8) / (1 << 24) - 1));
  }
  const auto aligned = align(spoken, recording);
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  CHECK(aligned->timeline.phones.front().ipa.empty());
  CHECK(aligned->timeline.seconds(aligned->timeline.phones.front().end_samples) > 0.6);
  CHECK(aligned->timeline.phones.back().ipa.empty());
  const auto errors_s = word_errors_s(aligned->timeline, spoken.timeline, before_s);
  INFO("median " << errors_s[errors_s.size() / 2] << " s, worst " << errors_s.back() << " s");
  CHECK(errors_s[errors_s.size() / 2] < 0.03);
  CHECK(errors_s.back() < 0.12);
}

TEST_CASE("a pause, a click and music between words move no word") {
  const Spoken reading = speak("espeak:en-us", 1);
  Recording recording = recording_of(speak("espeak:en-gb", 0.9));
  const Timeline truth = speak("espeak:en-gb", 0.9).timeline;
  constexpr std::size_t word = 9;  // "while"
  const std::int64_t start = truth.words[word].start_samples;
  constexpr double gap_s = 2;
  const auto gap = static_cast<std::size_t>(gap_s * recording.sample_rate_hz);
  std::vector<float> between(gap);
  SECTION("silence") {}
  SECTION("a click") {
    std::fill_n(between.begin() + std::ptrdiff_t(gap / 2), 60, 0.9F);
  }
  SECTION("a chord") {
    for (std::size_t i = gap / 4; i < gap * 3 / 4; ++i) {
      const double t = double(i) / recording.sample_rate_hz;
      between[i] = float(0.1 * (std::sin(1382 * t) + std::sin(1741 * t) + std::sin(2073 * t)));
    }
  }
  recording.samples.insert(recording.samples.begin() + start, between.begin(), between.end());
  const auto aligned = align(reading, recording);
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  for (std::size_t i = 0; i < truth.words.size(); ++i) {
    const double shift_s = i < word ? 0 : gap_s;
    const double error_s = aligned->timeline.seconds(aligned->timeline.words[i].start_samples) -
                           truth.seconds(truth.words[i].start_samples) - shift_s;
    INFO("word " << i << " is " << error_s << " s off");
    CHECK(std::abs(error_s) < 0.1);
  }
}

TEST_CASE("words that are left out and said again are named") {
  const Spoken reading =
      speak("espeak:en-us", 1, "The seven wizards watch the small rabbit in silence.");
  const auto align_with = [&](const char* said) {
    auto aligned = align(reading, recording_of(speak("espeak:en-gb", 1, said)));
    REQUIRE(aligned);
    check_whole(aligned->timeline);
    return *aligned;
  };
  const Alignment shorter = align_with("The seven wizards watch the rabbit in silence.");
  CHECK(shorter.left_out == std::vector<std::int32_t>{5});
  CHECK(shorter.repeated.empty());
  const Alignment longer =
      align_with("The seven wizards, seven wizards watch the small rabbit in silence.");
  CHECK(longer.left_out.empty());
  CHECK(longer.repeated == std::vector<std::int32_t>{1, 2});
}

TEST_CASE("a recording of another text is refused") {
  const Spoken reading = speak("espeak:en-us", 1);
  const Spoken other = speak(
      "espeak:en-gb", 1, "Please enter the number of the person whom you would like to call now.");
  const auto aligned = align(reading, recording_of(other));
  REQUIRE(!aligned);
  CHECK(aligned.error().code == ErrorCode::text_mismatch);
  CHECK(aligned.error().message.contains("The quick"));
}

TEST_CASE("a stretch that says something else is named") {
  const char* first = "The quick brown fox jumps over the lazy dog, while seven wizards watch. ";
  const char* last = " Nobody knows how the story ends, because the last page of the book is gone.";
  const auto with = [&](const char* middle) { return std::string(first) + middle + last; };
  const Spoken reading = speak(
      "espeak:en-us", 1,
      with("Put the yellow flowers into some fresh water, and take the old ones out of the house "
           "before my mother comes home from her work in the town.")
          .c_str());
  const Spoken said = speak(
      "espeak:en-gb", 1,
      with("Our train will arrive at nine, so we should be there with all our bags and boxes at a "
           "quarter to nine, and please bring something to eat on the way.")
          .c_str());
  const auto aligned = align(reading, recording_of(said));
  REQUIRE(!aligned);
  INFO(aligned.error().message);
  CHECK(aligned.error().code == ErrorCode::text_mismatch);
  CHECK(!aligned.error().message.contains("quick"));
  CHECK(!aligned.error().message.contains("is gone"));
}

TEST_CASE("noise is refused") {
  const Spoken reading = speak("espeak:en-us", 1);
  Recording noise{16000, std::vector<float>(16000 * 5)};
  unsigned state = 3;
  for (float& sample : noise.samples) {
    state = state * 1664525 + 1013904223;
    sample = 0.2F * (float(state >> 8) / float(1 << 24) - 0.5F);
  }
  const auto aligned = align(reading, noise);
  REQUIRE(!aligned);
  CHECK(aligned.error().code == ErrorCode::text_mismatch);
}

namespace {

/// Sentences that go on for some minutes.
std::string long_text(int sentences) {
  static constexpr const char* who[] = {"The old sailor", "My younger sister", "A tall woman",
                                        "Nobody in town", "The baker's dog",   "Every visitor"};
  static constexpr const char* does[] = {"carried", "forgot", "watched", "painted", "sold"};
  static constexpr const char* what[] = {
      "seven yellow boats", "the broken window",      "a bag of apples",  "his father's violin",
      "some fresh bread",   "the map of the harbour", "two wooden chairs"};
  static constexpr const char* when[] = {"before the storm came.", "on a quiet morning.",
                                         "while the children slept.", "without a word."};
  std::string text;
  unsigned state = 9;
  const auto any = [&](const auto& list) {
    state = state * 1664525 + 1013904223;
    return std::string(list[(state >> 8) % std::size(list)]) + " ";
  };
  for (int i = 0; i < sentences; ++i) text += any(who) + any(does) + any(what) + any(when);
  return text;
}

}  // namespace

TEST_CASE("a long recording is aligned part by part, the same however it comes") {
  const std::string text = long_text(150);
  const Spoken reading = speak("espeak:en-us", 1, text.c_str());
  const Spoken said = speak("espeak:en-gb", 0.9, text.c_str());
  REQUIRE(said.timeline.duration_s() > 6 * 60);  // more than a window
  const auto aligned = align(reading, recording_of(said));
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  CHECK(aligned->timeline.text == text);
  CHECK(aligned->left_out.empty());
  CHECK(aligned->repeated.empty());
  const auto errors_s = word_errors_s(aligned->timeline, said.timeline, 0);
  CHECK(errors_s[errors_s.size() / 2] < 0.03);
  CHECK(errors_s[errors_s.size() * 99 / 100] < 0.12);

  auto request = EspeakRequest::create(test_engine(), text, "espeak:en-us", {});
  REQUIRE(request);
  Aligner aligner([&] { return request->next(); }, said.timeline.sample_rate_hz);
  for (std::size_t at = 0, piece = 1; at < said.samples.size();
       at += piece, piece = 5 * piece % 99991) {
    REQUIRE(aligner.push(
        std::span(said.samples).subspan(at, std::min(piece, said.samples.size() - at))));
  }
  const auto in_pieces = aligner.finish();
  REQUIRE(in_pieces);
  CHECK(in_pieces->timeline == aligned->timeline);
}

TEST_CASE("what a long recording says in a later part than the text is named there") {
  const std::string text = long_text(150);
  Spoken said = speak("espeak:en-gb", 0.9, text.c_str());
  const auto from = std::ptrdiff_t(345) * said.timeline.sample_rate_hz;
  const Spoken other = speak("espeak:en-gb", 0.9, long_text(190).substr(text.size()).c_str());
  said.samples.erase(said.samples.begin() + from, said.samples.end());
  said.samples.insert(said.samples.end(), other.samples.begin(), other.samples.end());
  const auto aligned = align(speak("espeak:en-us", 1, text.c_str()), recording_of(said));
  REQUIRE(!aligned);
  CHECK(aligned.error().code == ErrorCode::text_mismatch);
  INFO(aligned.error().message);
  CHECK(!aligned.error().message.contains(" 0.0 to"));
}

TEST_CASE("words that a recording ends before are left out") {
  const std::string said = long_text(6);
  const Spoken reading = speak("espeak:en-us", 1, long_text(8).c_str());
  const auto aligned = align(reading, recording_of(speak("espeak:en-gb", 1, said.c_str())));
  REQUIRE(aligned);
  check_whole(aligned->timeline);
  REQUIRE(!aligned->left_out.empty());
  const Word& first = aligned->timeline.words[std::size_t(aligned->left_out.front())];
  CHECK(first.begin_bytes >= said.size() - 20);
  CHECK(aligned->left_out.back() == std::ssize(aligned->timeline.words) - 1);
}

TEST_CASE("a reading without sound is told") {
  const Spoken spoken = speak("espeak:en-us", 1);
  const auto aligned = align({spoken.timeline, {}}, recording_of(spoken));
  REQUIRE(!aligned);
  CHECK(aligned.error().code == ErrorCode::invalid_audio);
}

TEST_CASE("what is no recording is told") {
  const Spoken spoken = speak("espeak:en-us", 1);
  const auto code = [&](Recording recording) {
    const auto aligned = align(spoken, recording);
    REQUIRE(!aligned);
    return aligned.error().code;
  };
  CHECK(code({22050, {}}) == ErrorCode::invalid_audio);
  CHECK(code({22050, std::vector<float>(22050)}) == ErrorCode::invalid_audio);
  CHECK(code({8000, std::vector<float>(8000 * 7201, 0.1F)}) == ErrorCode::invalid_audio);
}
