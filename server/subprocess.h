// Other programs, their pipes and their ends.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
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

/// Writes what a pipe takes now, which it may not be waited for, and drops that from
/// `bytes`. False: nobody reads any more.
bool write_some(int fd, std::span<const std::byte>& bytes);

/// Takes what there is to read now, or waits for it where the pipe is to be waited
/// for. False: that was the end.
bool read_some(int fd, std::string& text);

std::string last_line(std::string text);

/// What a program gets as one of its descriptors.
struct Inherited {
  int ours;
  int theirs;
};

/// A program that was started, which does not outlive this. Safe to use from
/// several threads.
class Child {
 public:
  /// Errors: encoder_failed (it is not installed).
  static Result<Child> start(std::vector<std::string> arguments,
                             std::initializer_list<Inherited> descriptors);
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), ended_well_(other.ended_well_) {}
  Child& operator=(Child&&) = delete;
  ~Child() { end(); }

  /// Ends it at once.
  void end();

  /// Whether it ended, and well; nullopt: it runs on.
  std::optional<bool> ended();

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  std::mutex mutex_;
  pid_t pid_;  ///< −1 once it has ended
  bool ended_well_ = false;
};

/// Runs a program over `input`, or with an open file as its standard input, and
/// returns what it prints. Errors: encoder_failed with its last words, io_failed, cancelled.
Result<std::string> run_program(std::vector<std::string> arguments, int input,
                                const Deadline& deadline);
Result<std::string> run_program(std::vector<std::string> arguments,
                                std::span<const std::byte> input, const Deadline& deadline);

/// Called with what a program printed and was not taken yet; drops what it takes.
using OutputTaker = std::function<void(std::string& printed)>;

/// The same for much output, of which nothing is kept.
Result<void> run_program(std::vector<std::string> arguments, int input, const Deadline& deadline,
                         const OutputTaker& take);

}  // namespace vivavox
