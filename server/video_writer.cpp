#include "server/video_writer.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "server/files.h"

namespace vivavox {

namespace fs = std::filesystem;

namespace {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail(ErrorCode::io_failed, std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<void> write_all(int fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorCode::encoder_failed, std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

std::string read_all(int fd) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = ::read(fd, buffer, sizeof buffer)) != 0;) {
    if (count < 0 && errno != EINTR) break;
    if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

std::vector<std::string> codec_arguments(const std::string& ending) {
  if (ending == ".mp4") {
    return {"-c:v",    "libx264", "-preset", "fast", "-crf", "18",        "-pix_fmt",
            "yuv420p", "-c:a",    "aac",     "-b:a", "128k", "-movflags", "+faststart"};
  }
  return {"-c:v",     "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6",
          "-row-mt",  "1",          "-crf",      "24",       "-b:v",      "0",
          "-pix_fmt", "yuv420p",    "-c:a",      "libopus",  "-b:a",      "96k"};
}

std::vector<std::string> ffmpeg_arguments(const VideoFormat& format, const VideoSound& sound,
                                          const fs::path& sound_file, const fs::path& output) {
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
  for (std::string& argument : codec_arguments(output.extension().string())) {
    arguments.push_back(std::move(argument));
  }
  arguments.push_back(output.string());
  return arguments;
}

Result<pid_t> spawn(std::vector<std::string>& arguments, int input, int errors) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return fail(ErrorCode::encoder_failed, std::string("cannot start ffmpeg: ") +
                                               std::strerror(error) + "; install it for videos");
  }
  return pid;
}

}  // namespace

struct VideoWriter::Process {
  pid_t pid = -1;
  Descriptor frames;
  Descriptor errors;
  fs::path path;       ///< where the video belongs
  fs::path temporary;  ///< where ffmpeg writes it
  fs::path sound_file;
  std::size_t frame_bytes = 0;

  ~Process() {
    frames.close();
    if (pid > 0) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
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
    return fail(ErrorCode::encoder_failed, "ffmpeg could not make " + path.string() + ": " + words);
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
  process->frame_bytes = static_cast<std::size_t>(format.width_pixels) *
                         static_cast<std::size_t>(format.height_pixels) * 4;
  if (auto written = write_file(process->sound_file, std::as_bytes(sound.samples)); !written) {
    return std::unexpected(written.error());
  }
  auto input = make_pipe();
  auto errors = make_pipe();
  if (!input || !errors) return std::unexpected((input ? errors : input).error());
  auto arguments = ffmpeg_arguments(format, sound, process->sound_file, process->temporary);
  const auto pid = spawn(arguments, input->read_end.get(), errors->write_end.get());
  if (!pid) return std::unexpected(pid.error());
  process->pid = *pid;
  process->frames = std::move(input->write_end);
  process->errors = std::move(errors->read_end);
  return VideoWriter(std::move(process));
}

Result<void> VideoWriter::add_frame(std::span<const std::uint8_t> rgba) {
  if (rgba.size() != process_->frame_bytes) {
    return fail(ErrorCode::invalid_argument, "a frame must be width × height × 4 bytes");
  }
  if (write_all(process_->frames.get(), std::as_bytes(rgba))) return {};
  const auto words = process_->wait();  // it closed the pipe: its last words say why
  return words ? fail(ErrorCode::encoder_failed, "ffmpeg ended early") : words;
}

Result<void> VideoWriter::finish() {
  if (auto done = process_->wait(); !done) return done;
  std::error_code error;
  fs::rename(process_->temporary, process_->path, error);
  if (error) {
    return fail(ErrorCode::io_failed,
                "cannot write " + process_->path.string() + ": " + error.message());
  }
  return {};
}

}  // namespace vivavox
