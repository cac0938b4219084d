#include "server/video_writer.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "server/files.h"
#include "server/subprocess.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> codec_arguments(const std::string& ending) {
  if (ending == ".mp4") {
    return {"-c:v",    "libx264", "-preset", "fast", "-crf", "18",        "-pix_fmt",
            "yuv420p", "-c:a",    "aac",     "-b:a", "128k", "-movflags", "+faststart"};
  }
  return {"-c:v",     "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6",
          "-row-mt",  "1",          "-crf",      "24",       "-b:v",      "0",
          "-pix_fmt", "yuv420p",    "-c:a",      "libopus",  "-b:a",      "96k"};
}

/// A WebM that can be played while it is written.
std::vector<std::string> stream_arguments() {
  return {
      "-c:v",     "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8",   "-row-mt",
      "1",        "-crf",       "30",        "-b:v",     "0",         "-g",  "60",
      "-pix_fmt", "yuv420p",    "-c:a",      "libopus",  "-b:a",      "96k", "-cluster_time_limit",
      "500",      "-f",         "webm",      "pipe:1"};
}

std::vector<std::string> ffmpeg_arguments(const VideoFormat& format, const VideoSound& sound,
                                          const fs::path& sound_file,
                                          const std::vector<std::string>& output) {
  const std::string size =
      std::to_string(format.width_pixels) + "x" + std::to_string(format.height_pixels);
  const std::string rate = std::to_string(format.frames_per_s);
  char length_s[32];
  std::snprintf(length_s, sizeof length_s, "%.6f",
                static_cast<double>(format.frame_count) / format.frames_per_s);
  std::vector<std::string> arguments = {
      "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo",
      "-pixel_format", "rgba", "-video_size", size, "-framerate", rate, "-i", "pipe:0", "-f",
      "f32le", "-ar", std::to_string(sound.sample_rate_hz), "-ac", "1", "-i", sound_file.string(),
      // 4:2:0 needs even sides; 48 kHz keeps AAC's last block under a frame's length.
      "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-af", "apad", "-ar", "48000", "-t", length_s};
  arguments.insert(arguments.end(), output.begin(), output.end());
  return arguments;
}

}  // namespace

struct VideoWriter::Process {
  pid_t pid = -1;
  Descriptor frames;
  Descriptor video;  ///< of a stream
  Descriptor errors;
  fs::path path;       ///< where the video belongs; empty for a stream
  fs::path temporary;  ///< where ffmpeg writes it
  fs::path sound_file;
  std::size_t frame_bytes = 0;

  void end() {
    frames.close();
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    pid = -1;
  }

  ~Process() {
    end();
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fs::remove(sound_file, ignored);
  }

  Result<void> wait() {
    frames.close();
    const std::string words = last_line(read_all(errors.get()));
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    pid = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(ErrorCode::encoder_failed,
                "ffmpeg could not make the video " + path.string() + ": " + words);
  }
};

VideoWriter::VideoWriter(std::unique_ptr<Process> process) : process_(std::move(process)) {}
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;
VideoWriter::~VideoWriter() = default;

Result<VideoWriter> VideoWriter::open(const fs::path& path, VideoFormat format, VideoSound sound) {
  const fs::path ending = path.extension();
  if (ending != ".mp4" && ending != ".webm") {
    return fail(ErrorCode::invalid_argument,
                path.string() + " is no video's name: end it in .mp4 or .webm");
  }
  auto process = std::make_unique<Process>();
  process->path = path;
  process->temporary = temporary_beside(path);
  process->sound_file = temporary_beside(path).replace_extension(".f32");
  std::vector<std::string> output = codec_arguments(ending.string());
  output.push_back(process->temporary.string());
  return start(std::move(process), format, sound, output);
}

Result<VideoWriter> VideoWriter::stream_webm(VideoFormat format, VideoSound sound) {
  auto process = std::make_unique<Process>();
  process->sound_file = temporary_beside(fs::temp_directory_path() / "vivavox.f32");
  return start(std::move(process), format, sound, stream_arguments());
}

Result<VideoWriter> VideoWriter::start(std::unique_ptr<Process> process, const VideoFormat& format,
                                       VideoSound sound, const std::vector<std::string>& output) {
  process->frame_bytes = static_cast<std::size_t>(format.width_pixels) *
                         static_cast<std::size_t>(format.height_pixels) * 4;
  if (auto written = write_file(process->sound_file, std::as_bytes(sound.samples)); !written) {
    return std::unexpected(written.error());
  }
  auto input = make_pipe();
  auto video = make_pipe();
  auto errors = make_pipe();
  for (auto* pipe : {&input, &video, &errors}) {
    if (!*pipe) return std::unexpected(pipe->error());
  }
  const bool is_stream = process->path.empty();
  auto arguments = ffmpeg_arguments(format, sound, process->sound_file, output);
  const auto pid = spawn(arguments, input->read_end.get(), is_stream ? video->write_end.get() : -1,
                         errors->write_end.get());
  if (!pid) return std::unexpected(pid.error());
  process->pid = *pid;
  process->frames = std::move(input->write_end);
  if (is_stream) process->video = std::move(video->read_end);
  process->errors = std::move(errors->read_end);
  return VideoWriter(std::move(process));
}

std::string VideoWriter::read() {
  std::string bytes(64 * 1024, '\0');
  ssize_t count = 0;
  do {
    count = ::read(process_->video.get(), bytes.data(), bytes.size());
  } while (count < 0 && errno == EINTR);
  bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return bytes;
}

Result<void> VideoWriter::add_frame(std::span<const std::uint8_t> rgba) {
  if (rgba.size() != process_->frame_bytes) {
    return fail(ErrorCode::invalid_argument, "a frame must be width × height × 4 bytes");
  }
  if (write_all(process_->frames.get(), std::as_bytes(rgba))) return {};
  const auto words = process_->wait();  // it closed the pipe: its last words say why
  return words ? fail(ErrorCode::encoder_failed, "ffmpeg ended early") : words;
}

void VideoWriter::cancel() {
  process_->end();
}

Result<void> VideoWriter::finish() {
  if (auto done = process_->wait(); !done || process_->path.empty()) return done;
  std::error_code error;
  fs::rename(process_->temporary, process_->path, error);
  if (error) {
    return fail(ErrorCode::io_failed,
                "cannot write " + process_->path.string() + ": " + error.message());
  }
  return {};
}

}  // namespace vivavox
