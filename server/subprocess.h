// Other programs, their pipes and their ends.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "server/work/deadline.h"

namespace vivavox {

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

/// Closed in child processes. Errors: io_failed.
Result<Pipe> make_pipe();

/// Errors: encoder_failed, with the system's reason.
Result<void> write_all(int fd, std::span<const std::byte> bytes);

/// All bytes up to the end.
std::string read_all(int fd);

std::string last_line(std::string text);

/// Starts a program with these standard streams. `output` −1: where this
/// program's goes. Errors: encoder_failed (it is not installed).
Result<pid_t> spawn(std::vector<std::string>& arguments, int input, int output, int errors);

/// Runs a program over `input` and returns what it prints.
/// Errors: encoder_failed with its last words, io_failed, cancelled.
Result<std::string> run_program(std::vector<std::string> arguments,
                                std::span<const std::byte> input, const Deadline& deadline);

}  // namespace vivavox
