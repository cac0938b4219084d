#include "engine/media/wav.h"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <limits>
#include <string>

using namespace vivavox;

namespace {

std::vector<std::uint8_t> bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

template <class T>
std::string raw(T value) {
  std::string out(sizeof value, '\0');
  std::memcpy(out.data(), &value, sizeof value);
  return out;
}

std::string format_chunk(std::uint16_t encoding, std::uint16_t channels, std::uint16_t bits,
                         std::uint32_t rate_hz = 16000) {
  const auto frame = static_cast<std::uint16_t>(channels * bits / 8);
  return "fmt " + raw(std::uint32_t{16}) + raw(encoding) + raw(channels) + raw(rate_hz) +
         raw(rate_hz * frame) + raw(frame) + raw(bits);
}

std::vector<std::uint8_t> wav(const std::string& format, const std::string& data) {
  const std::string body =
      "WAVE" + format + "data" + raw(static_cast<std::uint32_t>(data.size())) + data;
  return bytes("RIFF" + raw(static_cast<std::uint32_t>(body.size())) + body);
}

std::string message(std::span<const std::uint8_t> file) {
  const auto sound = read_wav(file);
  REQUIRE_FALSE(sound.has_value());
  CHECK(sound.error().code == ErrorCode::invalid_audio);
  return sound.error().message;
}

}  // namespace

TEST_CASE("a written WAV file reads back") {
  const std::vector<float> samples = {0, 0.5F, -0.5F, 1, -1, 3, -3};
  const auto file = to_wav(22050, samples);
  REQUIRE(file.has_value());
  CHECK(file->size() == 44 + 14);
  const auto sound = read_wav(*file);
  REQUIRE(sound.has_value());
  CHECK(sound->sample_rate_hz == 22050);
  REQUIRE(sound->samples.size() == samples.size());
  const std::vector<float> expected = {0, 0.5F, -0.5F, 1, -1, 1, -1};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(sound->samples[i] == Catch::Approx(expected[i]).margin(1e-4));
  }
}

TEST_CASE("every width and both channels are read") {
  const auto first = [](const std::vector<std::uint8_t>& file) {
    const auto sound = read_wav(file);
    REQUIRE(sound.has_value());
    REQUIRE(sound->samples.size() == 1);
    return sound->samples[0];
  };
  CHECK(first(wav(format_chunk(1, 1, 8), "\xC0")) == 0.5F);
  CHECK(first(wav(format_chunk(1, 1, 16), raw(std::int16_t{-16384}))) == -0.5F);
  CHECK(first(wav(format_chunk(1, 1, 24), std::string("\0\0\x40", 3))) == 0.5F);
  CHECK(first(wav(format_chunk(1, 1, 32), raw(std::int32_t{-1073741824}))) == -0.5F);
  CHECK(first(wav(format_chunk(3, 1, 32), raw(0.25F))) == 0.25F);
  CHECK(first(wav(format_chunk(3, 1, 64), raw(0.25))) == 0.25F);
  CHECK(first(wav(format_chunk(3, 1, 32), raw(std::numeric_limits<float>::quiet_NaN()))) == 0);
  CHECK(first(wav(format_chunk(1, 2, 16), raw(std::int16_t{16384}) + raw(std::int16_t{0}))) ==
        0.25F);
  const std::string other = "LIST" + raw(std::uint32_t{3}) + "abc" + std::string(1, '\0');
  CHECK(first(wav(other + format_chunk(1, 1, 8), "\x80")) == 0);
}

TEST_CASE("an interrupted recording is read as far as it goes") {
  auto file = wav(format_chunk(1, 1, 16), "abcdef");
  file.resize(file.size() - 3);
  CHECK(read_wav(file)->samples.size() == 1);
}

TEST_CASE("what is no WAV file is refused by name") {
  CHECK(message({}).starts_with("this is not a WAV file"));
  CHECK(message(bytes("RIFF....AVI LIST")).starts_with("this is not a WAV file"));
  CHECK(message(wav(format_chunk(85, 1, 16), ""))
            .starts_with("the WAV file has encoding 85 of 16 bits"));
  CHECK(message(wav(format_chunk(1, 0, 16), "")).starts_with("the WAV file has 0 channels"));
  CHECK(message(wav(format_chunk(1, 1, 16, 1), ""))
            .starts_with("the WAV file's sample rate of 1 Hz"));
  CHECK(message(wav("", "ab")).starts_with("the WAV file has no format chunk"));
  CHECK(message(bytes("RIFF....WAVE")).starts_with("the WAV file has no data chunk"));
  CHECK(message(bytes("RIFF....WAVEfmt \xFF\xFF\xFF\xFF"))
            .starts_with("the WAV file's format chunk"));
}
