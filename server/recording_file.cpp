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

/// What ffmpeg makes of it, as floats.
Result<Recording> decode(int file, double longest_s, const Deadline& deadline) {
  // Only this descriptor: a playlist in disguise must not make it open files or addresses.
  const auto output = run_program(
      {"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "fd",
       "-i", "fd:", "-vn", "-f", "f32le", "-ac", "1", "-ar", std::to_string(decoded_hz), "-t",
       std::to_string(longest_s + 1), "pipe:1"},
      file, deadline);
  if (!output) {
    return fail(output.error().code == ErrorCode::encoder_failed ? ErrorCode::invalid_audio
                                                                 : output.error().code,
                "the file is no recording that can be read: " + output.error().message);
  }
  Recording recording{.sample_rate_hz = decoded_hz, .samples = {}};
  recording.samples.resize(output->size() / sizeof(float));
  std::memcpy(recording.samples.data(), output->data(), recording.samples.size() * sizeof(float));
  if (recording.samples.empty()) {
    return fail(ErrorCode::invalid_audio, "the file holds no sound");
  }
  return recording;
}

}  // namespace

Result<Recording> read_recording(const std::filesystem::path& file, double longest_s,
                                 const Deadline& deadline) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) return fail(ErrorCode::not_found, "the recording's file is gone");
  char head[4] = {};
  const bool is_wav = ::pread(opened.get(), head, sizeof head, 0) == sizeof head &&
                      std::memcmp(head, "RIFF", sizeof head) == 0;
  std::error_code error;
  Result<Recording> recording;
  if (is_wav && std::filesystem::file_size(file, error) <= most_wav_bytes) {
    const auto bytes = read_file(file);
    if (!bytes) return std::unexpected(bytes.error());
    recording = read_wav({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
  } else {
    recording = decode(opened.get(), longest_s, deadline);
  }
  if (!recording) return recording;
  if (static_cast<double>(recording->samples.size()) > longest_s * recording->sample_rate_hz) {
    return std::unexpected(too_long(longest_s));
  }
  if (recording->sample_rate_hz > most_kept_hz) {
    recording->samples = resampled(recording->samples, recording->sample_rate_hz, most_kept_hz);
    recording->sample_rate_hz = most_kept_hz;
  }
  return recording;
}

}  // namespace vivavox
