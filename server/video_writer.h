// Frames and sound → MP4 or WebM, by the ffmpeg program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace vivavox {

struct VideoFormat {
  int width_pixels = 512;
  int height_pixels = 512;
  int frames_per_s = 30;
  int frame_count = 0;  ///< the sound is cut or padded with silence to this length
};

/// Mono sound of a video: samples −1…1 at `sample_rate_hz`.
struct VideoSound {
  std::span<const float> samples;
  int sample_rate_hz = 22050;
};

/// Encodes one video. A file appears when finish() succeeds, not before.
/// The codec follows the ending: .mp4 is H.264 with AAC, .webm VP9 with Opus.
class VideoWriter {
 public:
  /// Starts ffmpeg. Errors: encoder_failed, io_failed, invalid_argument (the
  /// ending is neither .mp4 nor .webm).
  static Result<VideoWriter> open(const std::filesystem::path& path, VideoFormat format,
                                  VideoSound sound);

  /// Starts ffmpeg with a WebM that read() gives as it comes into being.
  /// Errors: as open().
  static Result<VideoWriter> stream_webm(VideoFormat format, VideoSound sound);

  /// Of a stream: the next bytes, as soon as there are some; none after the end.
  /// From another thread than the one that adds frames.
  std::string read();

  /// Adds a frame: width × height × 4 bytes, RGBA, rows from the top.
  Result<void> add_frame(std::span<const std::uint8_t> rgba);

  /// Waits for ffmpeg and puts the file in its place. Errors: encoder_failed
  /// with ffmpeg's last words.
  Result<void> finish();

  /// Ends ffmpeg at once; read() comes to its end.
  void cancel();

  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();

 private:
  struct Process;
  explicit VideoWriter(std::unique_ptr<Process> process);
  static Result<VideoWriter> start(std::unique_ptr<Process> process, const VideoFormat& format,
                                   VideoSound sound, const std::vector<std::string>& output);
  std::unique_ptr<Process> process_;
};

}  // namespace vivavox
