#include "engine/prosody/voice_track.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>
#include <numbers>

using namespace vivavox;

namespace {

/// A buzz of falling harmonics, as a voice has them.
std::vector<float> buzz(double pitch_hz, double amplitude, std::int32_t rate_hz, double length_s) {
  std::vector<float> samples(static_cast<std::size_t>(length_s * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double phase = 2 * std::numbers::pi * pitch_hz * double(i) / rate_hz;
    double sum = 0;
    for (int k = 1; k <= 8; ++k) sum += std::sin(k * phase) / k;
    samples[i] = static_cast<float>(amplitude * sum);
  }
  return samples;
}

}  // namespace

TEST_CASE("the pitch of a voice is found at any rate") {
  const std::int32_t rate_hz = GENERATE(8000, 16000, 22050, 44100, 48000);
  const double pitch_hz = GENERATE(75, 110, 147, 220, 391);
  const VoiceTrack track(buzz(pitch_hz, 0.2, rate_hz, 0.4), rate_hz);
  REQUIRE(track.frames().size() == 40);
  for (const VoiceFrame& frame : track.frames().subspan(3, 32)) {
    INFO(rate_hz << " Hz, " << pitch_hz << ": " << frame.pitch_hz);
    CHECK(std::abs(1200 * std::log2(double(frame.pitch_hz) / pitch_hz)) < 40);
  }
}

TEST_CASE("noise and silence have no pitch") {
  std::uint32_t state = 1;
  std::vector<float> noise(16000);
  for (float& sample : noise) {
    state = state * 1664525 + 1013904223;
    sample = static_cast<float>(state >> 8) / 16777216.0F - 0.5F;
  }
  int voiced = 0;
  for (const VoiceFrame& frame : VoiceTrack(noise, 16000).frames()) voiced += frame.pitch_hz > 0;
  CHECK(voiced <= 5);
  for (const VoiceFrame& frame : VoiceTrack(std::vector<float>(16000), 16000).frames()) {
    CHECK(frame.pitch_hz == 0);
    CHECK(frame.level_db == -100);
  }
}

TEST_CASE("a level is that of the mean square") {
  const VoiceTrack track(std::vector<float>(11025, 0.1F), 11025);
  REQUIRE(track.frames().size() == 100);
  for (const VoiceFrame& frame : track.frames()) CHECK(std::abs(frame.level_db + 20) < 0.01F);
}

TEST_CASE("a voice is the same however its sound is cut") {
  const std::vector<float> sound = buzz(131, 0.3, 22050, 1.03);
  const VoiceTrack whole(sound, 22050);
  for (const std::size_t piece : {1UL, 100UL, 441UL, 10'000UL}) {
    VoiceTrack pieces(22050);
    for (std::size_t at = 0; at < sound.size(); at += piece) {
      pieces.push(std::span(sound).subspan(at, std::min(piece, sound.size() - at)));
    }
    pieces.finish();
    REQUIRE(pieces.frames().size() == whole.frames().size());
    for (std::size_t i = 0; i < whole.frames().size(); ++i) {
      CHECK(pieces.frames()[i].level_db == whole.frames()[i].level_db);
      CHECK(pieces.frames()[i].pitch_hz == whole.frames()[i].pitch_hz);
    }
  }
}
