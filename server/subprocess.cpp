#include "server/subprocess.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace vivavox {

namespace {

/// Feeds a program and listens to it until it has said all.
Result<void> converse(Descriptor& in, Descriptor& out, Descriptor& err,
                      std::span<const std::byte> input, const OutputTaker& take, std::string& words,
                      const Deadline& deadline) {
  std::string printed;
  constexpr int patience_ms = 100;
  ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
  while (out.get() >= 0 || err.get() >= 0) {
    pollfd waits[] = {{in.get(), POLLOUT, 0}, {out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}};
    ::poll(waits, 3, patience_ms);
    if (auto goes_on = deadline.check(); !goes_on) return goes_on;
    if (waits[0].revents != 0 && (!write_some(in.get(), input) || input.empty())) in.close();
    if (waits[1].revents != 0) {
      if (!read_some(out.get(), printed)) out.close();
      take(printed);
    }
    if (waits[2].revents != 0 && !read_some(err.get(), words)) err.close();
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

bool write_some(int fd, std::span<const std::byte>& bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

bool read_some(int fd, std::string& text) {
  char buffer[65536];
  const ssize_t count = ::read(fd, buffer, sizeof buffer);
  if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

Result<Child> Child::start(std::vector<std::string> arguments,
                           std::initializer_list<Inherited> descriptors) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const Inherited& one : descriptors) {
    posix_spawn_file_actions_adddup2(&actions, one.ours, one.theirs);
  }
  // The signals that this program waits for in a thread of its own are blocked in
  // all others, and would be in its children.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return fail(ErrorCode::encoder_failed,
                "cannot start " + arguments.front() + ": " + std::strerror(error) + "; install it");
  }
  return Child(pid);
}

void Child::end() {
  const std::lock_guard lock(mutex_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

std::optional<bool> Child::ended() {
  const std::lock_guard lock(mutex_);
  if (pid_ <= 0) return ended_well_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = -1;
  ended_well_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return ended_well_;
}

namespace {

/// Starts it, feeds it through `in` where that is a pipe's end, and hears it out.
Result<void> run(std::vector<std::string> arguments, int its_input, Descriptor& in,
                 std::span<const std::byte> input, Descriptor* close_when_started,
                 const OutputTaker& take, const Deadline& deadline) {
  auto out = make_pipe();
  auto err = make_pipe();
  for (auto* pipe : {&out, &err}) {
    if (!*pipe) return std::unexpected(pipe->error());
  }
  auto child = Child::start(std::move(arguments), {{its_input, STDIN_FILENO},
                                                   {out->write_end.get(), STDOUT_FILENO},
                                                   {err->write_end.get(), STDERR_FILENO}});
  if (!child) return std::unexpected(child.error());
  if (close_when_started) close_when_started->close();
  out->write_end.close();
  err->write_end.close();
  std::string words;
  if (auto heard = converse(in, out->read_end, err->read_end, input, take, words, deadline);
      !heard) {
    return std::unexpected(heard.error());
  }
  // It has closed its outputs, and is about to end.
  std::optional<bool> well;
  while (!(well = child->ended())) {
    if (auto goes_on = deadline.check(); !goes_on) return std::unexpected(goes_on.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (*well) return {};
  return fail(ErrorCode::encoder_failed, last_line(words));
}

OutputTaker keep_in(std::string& kept) {
  return [&kept](std::string& printed) { kept += std::exchange(printed, {}); };
}

}  // namespace

Result<std::string> run_program(std::vector<std::string> arguments,
                                std::span<const std::byte> input, const Deadline& deadline) {
  auto in = make_pipe();
  if (!in) return std::unexpected(in.error());
  std::string printed;
  const auto done = run(std::move(arguments), in->read_end.get(), in->write_end, input,
                        &in->read_end, keep_in(printed), deadline);
  if (!done) return std::unexpected(done.error());
  return printed;
}

Result<std::string> run_program(std::vector<std::string> arguments, int input,
                                const Deadline& deadline) {
  std::string printed;
  const auto done = run_program(std::move(arguments), input, deadline, keep_in(printed));
  if (!done) return std::unexpected(done.error());
  return printed;
}

Result<void> run_program(std::vector<std::string> arguments, int input, const Deadline& deadline,
                         const OutputTaker& take) {
  Descriptor none;
  return run(std::move(arguments), input, none, {}, nullptr, take, deadline);
}

}  // namespace vivavox
