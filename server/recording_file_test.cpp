#include "server/recording_file.h"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numbers>

#include "server/assets/sha256.h"
#include "server/files.h"
#include "server/subprocess.h"

using namespace vivavox;
using namespace std::chrono_literals;

namespace {

const Deadline patient("TEST", 60s, {});

std::vector<std::uint8_t> tone_wav() {
  std::vector<float> samples(16000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = 0.5F * std::sin(2 * std::numbers::pi_v<float> * 440 * float(i) / 16000);
  }
  return *to_wav(16000, samples);
}

/// Read from a file of these bytes.
template <class Bytes>
Result<Recording> read(const Bytes& bytes, double longest_s) {
  const auto path = std::filesystem::temp_directory_path() / ("vivavox_sound_" + random_hex(6));
  REQUIRE(write_file(path, std::as_bytes(std::span(bytes))));
  auto recording = read_recording(path, longest_s, patient);
  std::filesystem::remove(path);
  return recording;
}

}  // namespace

TEST_CASE("recordings are read, whatever holds them") {
  const auto wav = tone_wav();
  const auto bytes = std::as_bytes(std::span(wav));
  const auto plain = read(wav, 10);
  REQUIRE(plain);
  CHECK(plain->samples.size() == 16000);
  const auto ogg = run_program(
      {"ffmpeg", "-loglevel", "error", "-i", "pipe:0", "-c:a", "libopus", "-f", "ogg", "pipe:1"},
      bytes, patient);
  REQUIRE(ogg);
  const auto decoded = read(*ogg, 10);
  REQUIRE(decoded);
  CHECK(std::abs(double(decoded->samples.size()) / decoded->sample_rate_hz - 1) < 0.05);
  // Of an MP4 file's end its beginning can be understood: it needs a file, not a pipe.
  const auto place = std::filesystem::temp_directory_path() / ("vivavox_" + random_hex(6) + ".m4a");
  REQUIRE(
      run_program({"ffmpeg", "-loglevel", "error", "-i", "pipe:0", "-c:a", "aac", place.string()},
                  bytes, patient));
  CHECK(read_recording(place, 10, patient));
  std::filesystem::remove(place);
}

TEST_CASE("what is no recording, or too long, is refused") {
  const auto wav = tone_wav();
  CHECK(read(wav, 0.5).error().code == ErrorCode::invalid_audio);
  const std::string text = "no sound at all";
  CHECK(read(text, 10).error().code == ErrorCode::invalid_audio);
  // A playlist must not make ffmpeg open what it names.
  const std::string playlist = "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n";
  CHECK(!read(playlist, 10));
}

TEST_CASE("programs are fed, heard, and ended in time") {
  const std::string input(300'000, 'x');
  const auto same = run_program({"cat"}, std::as_bytes(std::span(input)), patient);
  REQUIRE(same);
  CHECK(*same == input);
  CHECK(run_program({"false"}, {}, patient).error().code == ErrorCode::encoder_failed);
  CHECK(run_program({"no-such-program"}, {}, patient).error().code == ErrorCode::encoder_failed);
  CHECK(run_program({"sleep", "60"}, {}, Deadline("TEST", 0s, {})).error().code ==
        ErrorCode::cancelled);
}
