#include "server/recording_file.h"

#include <fcntl.h>

#include <cstring>
#include <string>

#include "engine/align/resample.h"
#include "server/files.h"
#include "server/subprocess.h"

namespace vivavox {

namespace {

constexpr std::int32_t decoded_hz = 22050;
/// Beyond is nothing that can be heard.
constexpr std::int32_t most_kept_hz = 48'000;

Error too_long(double longest_s) {
  return {ErrorCode::invalid_audio, "the recording is longer than " +
                                        std::to_string(static_cast<int>(longest_s)) +
                                        " s: send less"};
}

Error no_sound() {
  return {ErrorCode::invalid_audio, "the file holds no sound"};
}

/// Called with the samples as they come.
using SampleReceiver = std::function<void(std::span<const float>)>;

/// What ffmpeg makes of it, at decoded_hz.
Result<void> decode(int file, double longest_s, const Deadline& deadline,
                    const SampleReceiver& receive) {
  std::vector<float> samples;
  const OutputTaker take = [&](std::string& printed) {
    const std::size_t whole = printed.size() / sizeof(float);
    if (whole == 0) return;
    samples.resize(whole);
    std::memcpy(samples.data(), printed.data(), whole * sizeof(float));
    printed.erase(0, whole * sizeof(float));
    receive(samples);
  };
  // Only this descriptor: a playlist in disguise must not make it open files or addresses.
  const auto done = run_program(
      {"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "fd",
       "-i", "fd:", "-vn", "-f", "f32le", "-ac", "1", "-ar", std::to_string(decoded_hz), "-t",
       std::to_string(longest_s + 1), "pipe:1"},
      file, deadline, take);
  if (done) return {};
  return fail(
      done.error().code == ErrorCode::encoder_failed ? ErrorCode::invalid_audio : done.error().code,
      "the file is no recording that can be read: " + done.error().message);
}

/// A file that was opened.
struct SoundFile {
  Descriptor descriptor;
  bool is_small_wav = false;
};

Result<SoundFile> open_sound(const std::filesystem::path& file) {
  Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) return fail(ErrorCode::not_found, "the recording's file is gone");
  char head[4] = {};
  const bool is_wav = ::pread(opened.get(), head, sizeof head, 0) == sizeof head &&
                      std::memcmp(head, "RIFF", sizeof head) == 0;
  std::error_code error;
  const bool is_small = std::filesystem::file_size(file, error) <= most_wav_bytes;
  return SoundFile{std::move(opened), is_wav && is_small};
}

Result<Recording> read_small_wav(const std::filesystem::path& file, double longest_s) {
  const auto bytes = read_file(file);
  if (!bytes) return std::unexpected(bytes.error());
  auto recording = read_wav({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
  if (!recording) return recording;
  if (static_cast<double>(recording->samples.size()) > longest_s * recording->sample_rate_hz) {
    return std::unexpected(too_long(longest_s));
  }
  return recording;
}

/// After decode().
Result<void> check_decoded(std::int64_t samples, double longest_s) {
  if (samples == 0) return std::unexpected(no_sound());
  if (static_cast<double>(samples) > longest_s * decoded_hz) {
    return std::unexpected(too_long(longest_s));
  }
  return {};
}

}  // namespace

Result<Recording> read_recording(const std::filesystem::path& file, double longest_s,
                                 const Deadline& deadline) {
  const auto opened = open_sound(file);
  if (!opened) return std::unexpected(opened.error());
  if (opened->is_small_wav) {
    auto recording = read_small_wav(file, longest_s);
    if (recording && recording->sample_rate_hz > most_kept_hz) {
      recording->samples = resampled(recording->samples, recording->sample_rate_hz, most_kept_hz);
      recording->sample_rate_hz = most_kept_hz;
    }
    return recording;
  }
  Recording recording{.sample_rate_hz = decoded_hz, .samples = {}};
  const auto keep = [&](std::span<const float> samples) {
    recording.samples.insert(recording.samples.end(), samples.begin(), samples.end());
  };
  if (auto done = decode(opened->descriptor.get(), longest_s, deadline, keep); !done) {
    return std::unexpected(done.error());
  }
  if (auto checked = check_decoded(std::ssize(recording.samples), longest_s); !checked) {
    return std::unexpected(checked.error());
  }
  return recording;
}

Result<void> read_recording_pieces(const std::filesystem::path& file, double longest_s,
                                   const Deadline& deadline, const SoundReceiver& receive) {
  const auto opened = open_sound(file);
  if (!opened) return std::unexpected(opened.error());
  if (opened->is_small_wav) {
    const auto recording = read_small_wav(file, longest_s);
    if (!recording) return std::unexpected(recording.error());
    receive(recording->samples, recording->sample_rate_hz);
    return {};
  }
  std::int64_t length_samples = 0;
  const auto pass_on = [&](std::span<const float> samples) {
    length_samples += std::ssize(samples);
    receive(samples, decoded_hz);
  };
  if (auto done = decode(opened->descriptor.get(), longest_s, deadline, pass_on); !done) {
    return done;
  }
  return check_decoded(length_samples, longest_s);
}

}  // namespace vivavox
