// vivavox serve: the service and the web app over HTTP.
#include <malloc.h>

#include <csignal>
#include <memory>
#include <thread>

#include "server/command.h"
#include "server/service/service.h"
#include "server/service/shader_warmup.h"

namespace vivavox {

namespace {

/// Waits for SIGINT or SIGTERM beside the server: a handler could not stop it
/// safely, a thread that waits can.
class StopSignals {
 public:
  /// Before any other thread begins, so that none of them takes the signal.
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  void watch(Service& service) {
    thread_ = std::thread([this, &service] {
      int signal = 0;
      sigwait(&signals_, &signal);
      if (signal != SIGUSR1) service.stop();
    });
  }

  /// Before the service ends: a signal that comes meanwhile may still be at it.
  void end() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }

 private:
  sigset_t signals_{};
  std::thread thread_;
};

/// The heap for many threads that make large things at times: what is large goes back to
/// the system when it is freed, and what is small lies in few arenas, not in one of each thread.
void share_heap() {
  constexpr int large_bytes = 256 * 1024, arenas = 4;
  mallopt(M_MMAP_THRESHOLD, large_bytes);
  mallopt(M_TRIM_THRESHOLD, large_bytes);
  mallopt(M_ARENA_MAX, arenas);
}

Result<void> serve(const Settings& settings) {
  share_heap();
  compile_shaders_ahead();
  StopSignals signals;
  auto service = Service::open(settings);
  if (!service) return std::unexpected(service.error());
  const bool secure = !settings.tls_certificate.empty();
  std::printf("Vivavox is on %s://%s:%d\n", secure ? "https" : "http",
              settings.host == "127.0.0.1" ? "localhost" : settings.host.c_str(),
              (*service)->port());
  std::fflush(stdout);
  signals.watch(**service);
  (*service)->run();
  signals.end();
  return {};
}

}  // namespace

void add_serve_command(CLI::App& tool, int& status) {
  auto* command = tool.add_subcommand("serve", "Serve the API and the web app over HTTP");
  auto settings = std::make_shared<Settings>();
  add_settings(*command, *settings);
  command->callback([settings, &status] {
    const auto done = serve(*settings);
    status = done ? exit_success : report(done.error());
  });
}

}  // namespace vivavox
