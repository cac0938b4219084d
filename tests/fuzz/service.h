// The service in this process, on a port of its own, for fuzz targets that
// speak to it over a socket.
//
// libFuzzer ends the process with exit(), whose static destructors would take the
// graphics driver's compiler from under a render that goes on. So exit() stops the service
// first, and then ends the process without them; --wrap=exit (server/CMakeLists.txt) leads it here.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "server/assets/sha256.h"
#include "server/service/service.h"

namespace vivavox {

class FuzzedService {
 public:
  FuzzedService(const FuzzedService&) = delete;
  FuzzedService& operator=(const FuzzedService&) = delete;
  FuzzedService()
      : folder_(std::filesystem::temp_directory_path() / ("vivavox_fuzz_" + random_hex(6))) {
    std::signal(SIGPIPE, SIG_IGN);
    std::filesystem::create_directories(folder_);
    Settings settings;
    settings.port = 0;
    settings.database_url = "sqlite:///" + (folder_ / "fuzz.db").string();
    settings.renders_dir = folder_ / "renders";
    settings.audios_dir = folder_ / "audios";
    settings.assets_dir = folder_ / "assets";
    settings.allowed_hosts = "fuzz";
    settings.max_requests = 0;
    settings.max_render_time_s = 2;
    settings.max_tts_time_s = 2;
    settings.log_level = "error";
    auto opened = Service::open(settings);
    if (!opened) {
      std::fprintf(stderr, "%s\n", opened.error().message.c_str());
      std::abort();
    }
    service_ = *std::move(opened);
    thread_ = std::thread([this] { service_->run(); });
  }
  ~FuzzedService() {
    service_->stop();
    thread_.join();
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// The one of this process, begun when it is first asked for.
  static const FuzzedService& instance() {
    if (!the_only()) the_only().reset(new FuzzedService());
    return *the_only();
  }

  /// Returns when nothing of it runs any more.
  static void end() { the_only().reset(); }

  /// Sends the bytes, ends the sending side, and returns what comes back.
  std::string exchange(std::string_view bytes) const {
    const int socket = connected();
    while (!bytes.empty()) {
      const ssize_t count = ::write(socket, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;  // libFuzzer's alarm
      if (count <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    ::shutdown(socket, SHUT_WR);
    std::string answer;
    char part[4096];
    ssize_t count = 0;
    while ((count = ::read(socket, part, sizeof part)) > 0 || (count < 0 && errno == EINTR)) {
      if (count > 0) answer.append(part, static_cast<std::size_t>(count));
    }
    if (count < 0) std::perror("the service's connection");
    ::close(socket);
    return answer;
  }

  /// Aborts unless it is an HTTP answer that does not confess a mistake of ours.
  static void check(const std::string& answer) {
    if (answer.starts_with("HTTP/1.1 ") && !answer.starts_with("HTTP/1.1 500")) return;
    std::fprintf(stderr, "unexpected answer: %.2000s\n", answer.c_str());
    std::abort();
  }

 private:
  static std::unique_ptr<FuzzedService>& the_only() {
    static std::unique_ptr<FuzzedService> service;
    return service;
  }

  static sockaddr_in loopback(std::uint32_t address, int port) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(address);
    place.sin_port = htons(static_cast<std::uint16_t>(port));
    return place;
  }

  /// From changing addresses: one has too few ports for so many short connections.
  int connected() const {
    static std::uint32_t count = 0;
    for (int attempt = 0; attempt < 100; ++attempt) {
      const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const sockaddr_in from = loopback(INADDR_LOOPBACK + 1 + ++count % 200, 0);
      const sockaddr_in to = loopback(INADDR_LOOPBACK, service_->port());
      if (::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
          ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
        return socket;
      }
      ::close(socket);  // libFuzzer's alarm came between
    }
    std::perror("the service cannot be reached");
    std::abort();
  }

  std::filesystem::path folder_;
  std::unique_ptr<Service> service_;
  std::thread thread_;
};

}  // namespace vivavox

// The linker's name for it.
#pragma clang diagnostic ignored "-Wreserved-identifier"
extern "C" [[noreturn]] void __wrap_exit(int status);
extern "C" void __wrap_exit(int status) {
  vivavox::FuzzedService::end();
  std::fflush(nullptr);
  ::_exit(status);
}
