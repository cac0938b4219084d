#include "server/onnx_session.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <filesystem>

#include "engine/speech/espeak_test_engine.h"
#include "server/files.h"

using namespace vivavox;

namespace {

/// A voice made by scripts/make_test_voice.py, spoken.
class TestVoice {
 public:
  explicit TestVoice(const std::string& name)
      : config_(std::make_shared<PiperConfig>(
            piper_config_from_json(read_text_file(path(name) + ".json").value()).value())),
        session_(PiperSession::open(read_file(path(name)).value(), 1).value()) {}

  SpeechClause speak(const std::string& text, SpeechOptions options) {
    auto request = PiperRequest::create(test_engine(), config_, text, options).value();
    const auto input = request.next_input().value().value();
    input_ = input;
    output_ = session_.run(input).value();
    return request.complete(output_.samples, output_.frames).value();
  }

  const PiperInput& input() const { return input_; }
  const PiperOutput& output() const { return output_; }
  const PiperConfig& config() const { return *config_; }

  static std::string path(const std::string& name) {
    return VIVAVOX_ROOT "/tests/data/" + name + ".onnx";
  }

 private:
  std::shared_ptr<PiperConfig> config_;
  PiperSession session_;
  PiperInput input_;
  PiperOutput output_;
};

/// Without the randomness of durations and sound.
SpeechOptions still(double length_scale = 1) {
  return {.length_scale = length_scale, .noise_scale = 0, .noise_w = 0};
}

/// Hz, by rising zero crossings within a phone's middle.
double pitch_hz(const SpeechClause& clause, const Phone& phone) {
  const std::int64_t quarter = (phone.end_samples - phone.start_samples) / 4;
  int crossings = 0;
  const std::int64_t begin = phone.start_samples + 10;
  const std::int64_t end = phone.end_samples - quarter;
  for (std::int64_t i = begin; i + 1 < end; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (clause.samples[at] <= 0 && clause.samples[at + 1] > 0) ++crossings;
  }
  return static_cast<double>(crossings) / clause.timeline.seconds(end - begin);
}

const Phone& phone_of(const SpeechClause& clause, std::string_view ipa) {
  const auto found = std::ranges::find(clause.timeline.phones, ipa, &Phone::ipa);
  REQUIRE(found != clause.timeline.phones.end());
  return *found;
}

void check_contiguous(const Timeline& timeline) {
  std::int64_t end = 0;
  for (const Phone& phone : timeline.phones) {
    CHECK(phone.start_samples == end);
    CHECK(phone.end_samples > phone.start_samples);
    end = phone.end_samples;
  }
  CHECK(end == timeline.length_samples);
}

}  // namespace

TEST_CASE("the model's durations are those of its sound") {
  TestVoice voice("tone");
  const SpeechClause clause = voice.speak("My voice, see?", still());
  CHECK(clause.timeline.timing == Timing::exact);
  CHECK(clause.timeline.voice == "piper:en-us");
  CHECK(clause.timeline.sample_rate_hz == 16000);
  CHECK(voice.output().frames.size() == voice.input().ids.size());
  check_contiguous(clause.timeline);
  REQUIRE(clause.timeline.words.size() == 3);
  CHECK(clause.timeline.words[0].end_bytes == 2);
  // Each symbol is a tone of its own: 150 Hz and 10 more for each id.
  for (const std::string_view ipa : {"m", "s", "v"}) {
    const auto id = voice.config().phoneme_ids.at(static_cast<char32_t>(ipa[0])).at(0);
    const double expected = 150 + 10 * static_cast<double>(id);
    CHECK(std::abs(pitch_hz(clause, phone_of(clause, ipa)) - expected) < 0.15 * expected);
  }
}

TEST_CASE("length and rate make it longer and shorter") {
  TestVoice voice("tone");
  const auto usual = voice.speak("A sentence.", still()).timeline.duration_s();
  CHECK(voice.speak("A sentence.", still(2)).timeline.duration_s() > 1.5 * usual);
  SpeechOptions fast = still();
  fast.rate = 2;
  CHECK(voice.speak("A sentence.", fast).timeline.duration_s() < 0.7 * usual);
}

TEST_CASE("noise changes the sound, noise of durations the lengths") {
  TestVoice voice("tone");
  const auto frames = [&](double noise_w) {
    SpeechOptions options = still();
    options.noise_w = noise_w;
    voice.speak("A sentence of some length.", options);
    return voice.output().frames;
  };
  CHECK(frames(0) == frames(0));
  CHECK(frames(1) != frames(1));

  const auto samples = [&](double noise_scale) {
    SpeechOptions options = still();
    options.noise_scale = noise_scale;
    return voice.speak("A sentence.", options).samples;
  };
  const bool is_still = samples(0) == samples(0);
  const bool is_noisy = samples(1) != samples(1);
  CHECK(is_still);
  CHECK(is_noisy);
}

TEST_CASE("durations of the same run are used, however random they are") {
  TestVoice voice("tone");
  for (int i = 0; i < 5; ++i) {
    const SpeechClause clause = voice.speak("Durations are random.", {.noise_w = 1});
    CHECK(clause.timeline.timing == Timing::exact);
    check_contiguous(clause.timeline);
  }
}

TEST_CASE("each speaker has their own voice, and one too many is refused") {
  TestVoice voice("tone_speakers");
  const auto pitch = [&](int speaker) {
    SpeechOptions options = still();
    options.speaker = speaker;
    const SpeechClause clause = voice.speak("See.", options);
    return pitch_hz(clause, phone_of(clause, "iː"));
  };
  const double low = pitch(0);
  CHECK(pitch(1) > 1.3 * low);
  CHECK(pitch(2) > 1.7 * low);
  const auto request = PiperRequest::create(
      test_engine(), std::make_shared<PiperConfig>(voice.config()), "See.", {.speaker = 3});
  REQUIRE_FALSE(request.has_value());
  CHECK(request.error().message == "there is no speaker 3; the voice has 3, counted from 0");
}

TEST_CASE("a voice without a Ceil node has estimated timing, near the true one") {
  const SpeechClause exact = TestVoice("tone").speak("Please call Stella.", still());
  TestVoice plain("tone_plain");
  const SpeechClause clause = plain.speak("Please call Stella.", still());
  CHECK(plain.output().frames.empty());
  CHECK(clause.timeline.timing == Timing::estimated);
  check_contiguous(clause.timeline);
  REQUIRE(clause.timeline.words.size() == exact.timeline.words.size());
  for (std::size_t i = 0; i < clause.timeline.words.size(); ++i) {
    CHECK(std::abs(clause.timeline.seconds(clause.timeline.words[i].start_samples) -
                   exact.timeline.seconds(exact.timeline.words[i].start_samples)) < 0.25);
  }
}

TEST_CASE("what is no Piper model is refused") {
  const auto message = [](std::span<const std::byte> model) {
    const auto session = PiperSession::open(model, 1);
    REQUIRE_FALSE(session.has_value());
    CHECK(session.error().code == ErrorCode::invalid_model);
    return session.error().message;
  };
  CHECK(message({}) == "this is not an ONNX model of a Piper voice: it has no graph");
  auto model = read_file(TestVoice::path("tone")).value();
  CHECK_FALSE(message(std::span(model).first(model.size() / 2)).empty());
  std::ranges::fill(std::span(model).subspan(40, 400), std::byte{0xFF});
  CHECK_FALSE(message(model).empty());
}
