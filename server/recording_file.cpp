#include "server/recording_file.h"

#include <cstring>
#include <string>

#include "server/subprocess.h"

namespace vivavox {

namespace {

constexpr std::int32_t decoded_hz = 22050;

Error too_long(double longest_s) {
  return {ErrorCode::invalid_audio, "the recording is longer than " +
                                        std::to_string(static_cast<int>(longest_s)) +
                                        " s: send less"};
}

/// What ffmpeg makes of it, as floats.
Result<Recording> decode(std::span<const std::byte> file, double longest_s,
                         const Deadline& deadline) {
  // Only pipes: a playlist in disguise must not make it open files or addresses.
  const auto output = run_program(
      {"ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "pipe",
       "-i", "pipe:0", "-vn", "-f", "f32le", "-ac", "1", "-ar", std::to_string(decoded_hz), "-t",
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

Result<Recording> read_recording(std::span<const std::byte> file, double longest_s,
                                 const Deadline& deadline) {
  const bool is_wav = file.size() > 4 && std::memcmp(file.data(), "RIFF", 4) == 0;
  auto recording = is_wav
                       ? read_wav({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()})
                       : decode(file, longest_s, deadline);
  if (!recording) return recording;
  if (static_cast<double>(recording->samples.size()) > longest_s * recording->sample_rate_hz) {
    return std::unexpected(too_long(longest_s));
  }
  return recording;
}

}  // namespace vivavox
