// Videos with sound, encoded by the ffmpeg program.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/error.h"

namespace vivavox {

struct VideoFormat {
  int width_pixels = 512;
  int height_pixels = 512;
  int frames_per_s = 30;
  int sample_rate_hz = 22050;  ///< of the mono sound
};

/// What a stream is: WebM (VP9 with Opus), or MP4 (H.264 with AAC) in fragments of a fifth of a
/// second, each of which can be played when it has come. An MP4's sound lacks its first 21 ms: in
/// their place is the block that AAC begins with, which pictures would have to wait for.
enum class StreamFormat { webm, mp4 };

/// Encodes one video, of any length. Nothing here waits longer than it is told to:
/// what ffmpeg does not take yet is queued. A file appears when it is whole, not
/// before. The codec follows the ending: .mp4 is H.264 with AAC, .webm VP9 with Opus.
/// The calls are one thread's; read() and cancel() may be another's.
class VideoWriter {
 public:
  /// Starts ffmpeg. Errors: encoder_failed, io_failed (the file cannot be written),
  /// invalid_argument (the ending is neither .mp4 nor .webm).
  static Result<VideoWriter> open(const std::filesystem::path& path, const VideoFormat& format);

  /// Starts ffmpeg with a video that read() gives as it comes into being.
  /// Errors: as open().
  static Result<VideoWriter> stream(StreamFormat kind, const VideoFormat& format);

  /// Queues sound, −1…1. ffmpeg takes no frames without the sound of their time, and
  /// some more: it is to be half a second ahead.
  void add_sound(std::span<const float> samples);

  /// There is no more sound, and there will be so many frames: what is missing until
  /// their end is silence, what is beyond it is left out.
  void end_sound(std::int64_t frame_count);

  /// Queues a frame: width × height × 4 bytes, RGBA, rows from the top.
  /// Errors: invalid_argument (of another size).
  Result<void> add_frame(std::vector<std::uint8_t> rgba);

  /// Hands ffmpeg what is queued, for at most so long. Whether all frames are gone.
  /// Errors: encoder_failed with ffmpeg's last words.
  Result<bool> flush(int patience_ms);

  /// There are no more frames: hands over what is queued and waits for ffmpeg for at
  /// most so long, and puts the file in its place. Whether that is done.
  /// Errors: encoder_failed with ffmpeg's last words, io_failed.
  Result<bool> finish(int patience_ms);

  /// Of a stream: the next bytes as soon as there are some, none after the end;
  /// nullopt: there were none for so long.
  std::optional<std::string> read(int patience_ms);

  /// Ends ffmpeg at once; read() comes to its end.
  void cancel();

  VideoWriter(VideoWriter&&) noexcept;
  VideoWriter& operator=(VideoWriter&&) noexcept;
  ~VideoWriter();

 private:
  struct Process;
  explicit VideoWriter(std::unique_ptr<Process> process);
  static Result<VideoWriter> start(const VideoFormat& format, std::vector<std::string> output,
                                   const std::filesystem::path& path,
                                   const std::filesystem::path& temporary);
  Result<bool> hand_over(int patience_ms, bool is_end);
  std::unique_ptr<Process> process_;
};

}  // namespace vivavox
