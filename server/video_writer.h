// Frames and sound → MP4 or WebM, by the ffmpeg program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

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

/// Encodes one video. The file appears when finish() succeeds, not before.
/// The codec follows the ending: .mp4 is H.264 with AAC, .webm VP9 with Opus.
class VideoWriter {
 public:
  /// Starts ffmpeg. Errors: encoder_failed, io_failed, invalid_argument (the
  /// ending is neither .mp4 nor .webm).
  static Result<VideoWriter> open(const std::filesystem::path& path, VideoFormat format,
                                  VideoSound sound);

  /// Adds a frame: width × height × 4 bytes, RGBA, rows from the top.
  Result<void> add_frame(std::span<const std::uint8_t> rgba);

  /// Waits for ffmpeg and puts the file in its place. Errors: encoder_failed
  /// with ffmpeg's last words.
  Result<void> finish();

  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();

 private:
  struct Process;
  explicit VideoWriter(std::unique_ptr<Process> process);
  std::unique_ptr<Process> process_;
};

}  // namespace vivavox
