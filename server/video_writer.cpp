#include "server/video_writer.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "server/files.h"
#include "server/subprocess.h"

namespace vivavox {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int sound_descriptor = 3;
constexpr int pipe_bytes = 1 << 20;

std::vector<std::string> codec_arguments(const std::string& ending) {
  if (ending == ".mp4") {
    return {"-c:v",    "libx264", "-preset", "veryfast", "-crf", "17",        "-pix_fmt",
            "yuv420p", "-c:a",    "aac",     "-b:a",     "128k", "-movflags", "+faststart"};
  }
  return {"-c:v",     "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6",
          "-row-mt",  "1",          "-crf",      "24",       "-b:v",      "0",
          "-pix_fmt", "yuv420p",    "-c:a",      "libopus",  "-b:a",      "96k"};
}

/// A video that can be played while it is written.
std::vector<std::string> stream_arguments(StreamFormat kind, int frames_per_s) {
  std::vector<std::string> arguments;
  if (kind == StreamFormat::webm) {
    arguments = {"-c:v",
                 "libvpx-vp9",
                 "-deadline",
                 "realtime",
                 "-cpu-used",
                 "8",
                 "-row-mt",
                 "1",
                 "-crf",
                 "30",
                 "-b:v",
                 "0",
                 "-g",
                 "60",
                 "-pix_fmt",
                 "yuv420p",
                 "-c:a",
                 "libopus",
                 "-b:a",
                 "96k",
                 "-f",
                 "webm",
                 "-cluster_time_limit",
                 "100",
                 "-lag-in-frames",
                 "0"};
  } else {
    // Browsers begin to show where a picture stands alone: every two seconds, at most.
    const std::string key_frames = std::to_string(2 * frames_per_s);
    // AAC's first block has no sound of its own (ISO/IEC 14496-24, Annex B): 1024 samples.
    const std::string without_first_block = "atrim=start=" + std::to_string(1024.0 / 48000);
    arguments = {"-c:v",
                 "libx264",
                 "-preset",
                 "superfast",
                 "-tune",
                 "zerolatency",
                 "-profile:v",
                 "main",
                 "-crf",
                 "21",
                 "-g",
                 key_frames,
                 "-pix_fmt",
                 "yuv420p",
                 "-af",
                 without_first_block,
                 "-c:a",
                 "aac",
                 "-b:a",
                 "96k",
                 "-movflags",
                 "frag_keyframe+empty_moov+default_base_moof",
                 "-frag_duration",
                 "200000",
                 "-f",
                 "mp4"};
  }
  arguments.insert(arguments.end(), {"-flush_packets", "1", "pipe:1"});
  return arguments;
}

std::vector<std::string> ffmpeg_arguments(const VideoFormat& format,
                                          const std::vector<std::string>& output) {
  const std::string size =
      std::to_string(format.width_pixels) + "x" + std::to_string(format.height_pixels);
  // Raw inputs need no probing, which would wait for seconds of them.
  std::vector<std::string> arguments = {
      "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-probesize", "32",
      "-analyzeduration", "0", "-f", "rawvideo", "-pixel_format", "rgba", "-video_size", size,
      "-framerate", std::to_string(format.frames_per_s), "-i", "pipe:0", "-probesize", "32",
      "-analyzeduration", "0", "-f", "f32le", "-ar", std::to_string(format.sample_rate_hz), "-ac",
      "1", "-i", "pipe:" + std::to_string(sound_descriptor),
      // 4:2:0 needs even sides; 48 kHz keeps AAC's last block under a frame's length.
      "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-ar", "48000"};
  arguments.insert(arguments.end(), output.begin(), output.end());
  return arguments;
}

/// Bytes on their way into a pipe.
class Outgoing {
 public:
  void add(std::span<const std::byte> bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(sent_));
    sent_ = 0;
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
    bytes_.insert(bytes_.end(), first, first + bytes.size());
  }
  /// The same, without a copy where nothing waits.
  void add(std::vector<std::uint8_t> bytes) {
    if (!empty()) return add(std::as_bytes(std::span(bytes)));
    bytes_ = std::move(bytes);
    sent_ = 0;
  }
  bool empty() const { return sent_ == bytes_.size(); }
  void drop_last(std::size_t count) { bytes_.resize(std::max(sent_, bytes_.size() - count)); }

  /// What the pipe takes; a film whose encoder has all of a frame keeps nothing of it.
  /// False: nobody reads any more.
  bool send(int fd) {
    std::span rest = std::as_bytes(std::span(bytes_)).subspan(sent_);
    const bool open = write_some(fd, rest);
    sent_ = bytes_.size() - rest.size();
    if (empty()) {
      bytes_ = {};
      sent_ = 0;
    }
    return open;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t sent_ = 0;
};

}  // namespace

struct VideoWriter::Process {
  Process(Child started, const VideoFormat& given, fs::path place, fs::path written)
      : child(std::move(started)),
        format(given),
        path(std::move(place)),
        temporary(std::move(written)) {}
  ~Process() {
    child.end();
    std::error_code ignored;
    if (!temporary.empty()) fs::remove(temporary, ignored);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  Child child;
  VideoFormat format;
  fs::path path;       ///< where the video belongs; empty for a stream
  fs::path temporary;  ///< where ffmpeg writes it
  Descriptor frames, sound, video, errors;
  Outgoing frames_out, sound_out;
  std::string words;  ///< ffmpeg's
  std::int64_t sample_count = 0;

  std::unexpected<Error> failure() const {
    return fail(ErrorCode::encoder_failed,
                "ffmpeg could not make the video " + path.string() + ": " +
                    (words.empty() ? "it ended early" : last_line(words)));
  }
};

VideoWriter::VideoWriter(std::unique_ptr<Process> process) : process_(std::move(process)) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

Result<VideoWriter> VideoWriter::open(const fs::path& path, const VideoFormat& format) {
  const fs::path ending = path.extension();
  if (ending != ".mp4" && ending != ".webm") {
    return fail(ErrorCode::invalid_argument,
                path.string() + " is no video's name: end it in .mp4 or .webm");
  }
  std::error_code error;
  if (!fs::is_directory(fs::absolute(path).parent_path(), error)) {
    return fail(ErrorCode::io_failed,
                "cannot write " + path.string() + ": there is no such folder");
  }
  const fs::path temporary = temporary_beside(path);
  std::vector<std::string> output = codec_arguments(ending.string());
  output.push_back(temporary.string());
  return start(format, std::move(output), path, temporary);
}

Result<VideoWriter> VideoWriter::stream(StreamFormat kind, const VideoFormat& format) {
  return start(format, stream_arguments(kind, format.frames_per_s), {}, {});
}

Result<VideoWriter> VideoWriter::start(const VideoFormat& format, std::vector<std::string> output,
                                       const fs::path& path, const fs::path& temporary) {
  auto frames = make_pipe();
  auto sound = make_pipe();
  auto video = make_pipe();
  auto errors = make_pipe();
  for (auto* pipe : {&frames, &sound, &video, &errors}) {
    if (!*pipe) return std::unexpected(pipe->error());
  }
  auto child =
      Child::start(ffmpeg_arguments(format, output), {{frames->read_end.get(), STDIN_FILENO},
                                                      {video->write_end.get(), STDOUT_FILENO},
                                                      {errors->write_end.get(), STDERR_FILENO},
                                                      {sound->read_end.get(), sound_descriptor}});
  if (!child) return std::unexpected(child.error());
  auto process = std::make_unique<Process>(*std::move(child), format, path, temporary);
  process->frames = std::move(frames->write_end);
  process->sound = std::move(sound->write_end);
  process->errors = std::move(errors->read_end);
  if (path.empty()) process->video = std::move(video->read_end);
  for (const int fd :
       {process->frames.get(), process->sound.get(), process->errors.get(), process->video.get()}) {
    if (fd >= 0) ::fcntl(fd, F_SETFL, O_NONBLOCK);
  }
  ::fcntl(process->frames.get(), F_SETPIPE_SZ, pipe_bytes);
  return VideoWriter(std::move(process));
}

void VideoWriter::add_sound(std::span<const float> samples) {
  process_->sound_out.add(std::as_bytes(samples));
  process_->sample_count += static_cast<std::int64_t>(samples.size());
}

void VideoWriter::end_sound(std::int64_t frame_count) {
  const std::int64_t needed =
      frame_count * process_->format.sample_rate_hz / process_->format.frames_per_s;
  const std::int64_t more = needed - process_->sample_count;
  if (more > 0) {
    add_sound(std::vector<float>(static_cast<std::size_t>(more)));
  } else {
    process_->sound_out.drop_last(static_cast<std::size_t>(-more) * sizeof(float));
  }
}

Result<void> VideoWriter::add_frame(std::vector<std::uint8_t> rgba) {
  const VideoFormat& format = process_->format;
  if (rgba.size() != std::size_t{4} * static_cast<std::size_t>(format.width_pixels) *
                         static_cast<std::size_t>(format.height_pixels)) {
    return fail(ErrorCode::invalid_argument, "a frame must be width × height × 4 bytes");
  }
  process_->frames_out.add(std::move(rgba));
  return {};
}

Result<bool> VideoWriter::flush(int patience_ms) {
  return hand_over(patience_ms, false);
}

/// Until the frames are gone; at the end the sound with them, and each pipe is closed behind its
/// last byte: ffmpeg waits for more of the one, or its end, before it reads on from the other.
Result<bool> VideoWriter::hand_over(int patience_ms, bool is_end) {
  Process& process = *process_;
  const auto end = Clock::now() + std::chrono::milliseconds(patience_ms);
  while (true) {
    if (is_end && process.frames_out.empty()) process.frames.close();
    if (is_end && process.sound_out.empty()) process.sound.close();
    if (process.frames_out.empty() && (!is_end || process.sound_out.empty())) return true;
    pollfd waits[] = {{process.frames_out.empty() ? -1 : process.frames.get(), POLLOUT, 0},
                      {process.sound_out.empty() ? -1 : process.sound.get(), POLLOUT, 0},
                      {process.errors.get(), POLLIN, 0}};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (::poll(waits, 3, static_cast<int>(std::max<std::int64_t>(0, left))) == 0) return false;
    bool open = true;
    if (waits[0].revents != 0) open = process.frames_out.send(process.frames.get());
    if (waits[1].revents != 0 && open) open = process.sound_out.send(process.sound.get());
    if (waits[2].revents != 0) read_some(process.errors.get(), process.words);
    if (!open || process.child.ended()) {
      // Its last words say why.
      for (int i = 0; i < 100 && !process.child.ended(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      read_some(process.errors.get(), process.words);
      return process.failure();
    }
  }
}

Result<bool> VideoWriter::finish(int patience_ms) {
  Process& process = *process_;
  const auto end = Clock::now() + std::chrono::milliseconds(patience_ms);
  const auto gone = hand_over(patience_ms, true);
  if (!gone || !*gone) return gone;
  std::optional<bool> well;
  while (!(well = process.child.ended())) {
    if (Clock::now() >= end) return false;
    pollfd wait{process.errors.get(), POLLIN, 0};
    if (::poll(&wait, 1, 2) > 0 && !read_some(process.errors.get(), process.words)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  if (!*well) {
    read_some(process.errors.get(), process.words);
    return process.failure();
  }
  if (process.path.empty()) return true;
  std::error_code error;
  fs::rename(process.temporary, process.path, error);
  if (!error) return true;
  return fail(ErrorCode::io_failed,
              "cannot write " + process.path.string() + ": " + error.message());
}

std::optional<std::string> VideoWriter::read(int patience_ms) {
  pollfd wait{process_->video.get(), POLLIN, 0};
  if (::poll(&wait, 1, patience_ms) == 0) return std::nullopt;
  std::string bytes;
  if (read_some(process_->video.get(), bytes) && bytes.empty()) return std::nullopt;
  return bytes;
}

void VideoWriter::cancel() {
  process_->child.end();
}

}  // namespace vivavox
