#include "server/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>

namespace vivavox {

namespace {

/// A started program, which does not outlive this.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  bool ends_well() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  pid_t pid_;
};

/// Takes what there is to read; false at the end.
bool take(int fd, std::string& text) {
  char buffer[65536];
  const ssize_t count = ::read(fd, buffer, sizeof buffer);
  if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

/// Feeds a program and listens to it until it has said all.
Result<void> converse(Descriptor& in, Descriptor& out, Descriptor& err,
                      std::span<const std::byte> input, std::string& printed, std::string& words,
                      const Deadline& deadline) {
  constexpr int patience_ms = 100;
  ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
  while (out.get() >= 0 || err.get() >= 0) {
    pollfd waits[] = {{in.get(), POLLOUT, 0}, {out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}};
    ::poll(waits, 3, patience_ms);
    if (auto goes_on = deadline.check(); !goes_on) return goes_on;
    if (waits[0].revents != 0) {
      const ssize_t count = ::write(in.get(), input.data(), input.size());
      if (count > 0) input = input.subspan(static_cast<std::size_t>(count));
      if (input.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) in.close();
    }
    if (waits[1].revents != 0 && !take(out.get(), printed)) out.close();
    if (waits[2].revents != 0 && !take(err.get(), words)) err.close();
  }
  return {};
}

}  // namespace

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

Result<pid_t> spawn(std::vector<std::string>& arguments, int input, int output, int errors) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (output >= 0) posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
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

Result<std::string> run_program(std::vector<std::string> arguments,
                                std::span<const std::byte> input, const Deadline& deadline) {
  auto in = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  for (auto* pipe : {&in, &out, &err}) {
    if (!*pipe) return std::unexpected(pipe->error());
  }
  const auto pid = spawn(arguments, in->read_end.get(), out->write_end.get(), err->write_end.get());
  if (!pid) return std::unexpected(pid.error());
  Child child(*pid);
  in->read_end.close();
  out->write_end.close();
  err->write_end.close();
  std::string printed, words;
  if (auto heard =
          converse(in->write_end, out->read_end, err->read_end, input, printed, words, deadline);
      !heard) {
    return std::unexpected(heard.error());
  }
  if (child.ends_well()) return printed;
  return fail(ErrorCode::encoder_failed, last_line(words));
}

}  // namespace vivavox
